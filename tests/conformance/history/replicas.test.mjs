// Read replicas and their registry.
import assert from "node:assert/strict";
import { connect, InvalidOption } from "../../../dist/nats/index.js";
import { all, histories, rejects, take, until } from "./histories.mjs";

histories("replicas", [
  {
    name: "a replica is read, writes go to the bucket",
    needs: "server",
    async run({ bucket, history }) {
      const kv = await bucket({ history: 3 });
      await kv.put("before", "1");
      await history.addReplica(kv.name, { stream: "near_one" });
      assert.deepEqual(await history.replicas(kv.name), ["near_one"]);
      const near = await history.bucket(kv.name, { readFrom: "near_one" });
      await until(async () => (await near.get("before"))?.string() === "1");
      const revision = await near.put("k", "through");
      assert.equal((await kv.get("k")).string(), "through", "on the bucket at once");
      await until(async () => (await near.get("k"))?.revision === revision);
      assert.deepEqual((await all(near.keys())).sort(), ["before", "k"]);
      const watch = near.watch({ key: "k" });
      assert.deepEqual(await take(watch, 2), [["k", "PUT", "through", revision], null]);
      await near.update("k", "again", revision);
      assert.equal((await take(watch, 1))[0][2], "again");
      await watch.return();
      await near.purge("before");
      await until(async () => (await near.get("before")) === null);
      await history.removeReplica(kv.name, "near_one");
      assert.deepEqual(await history.replicas(kv.name), []);
      assert.equal((await near.get("k")).string(), "again", "the bucket serves when it is gone");
      assert.deepEqual(await all(kv.keys()), ["k"], "the registry is hidden");
    },
  },
  {
    name: "a replica has what was there before it, however soon it is registered",
    needs: "server",
    async run({ bucket, history }) {
      for (let round = 0; round < 40; round += 1) {
        const kv = await bucket({ history: 3 });
        await kv.put("before", "1");
        const stream = `soon_${kv.name}`;
        await history.addReplica(kv.name, { stream });
        const near = await history.bucket(kv.name, { readFrom: stream });
        assert.deepEqual(await all(near.keys()), ["before"], kv.name);
      }
    },
  },
  {
    name: "many who register at once are all there",
    needs: "server",
    async run({ bucket, history, url }) {
      const kv = await bucket();
      const clients = await Promise.all(Array.from({ length: 8 }, () => connect({ servers: url })));
      const names = clients.map((_, index) => `many_${index}`);
      await Promise.all(
        clients.map((client, index) => client.addReplica(kv.name, { stream: names[index] })),
      );
      assert.deepEqual((await history.replicas(kv.name)).sort(), names);
      for (const client of clients) await client.close();
    },
  },
  {
    name: "nearest without a cluster is the bucket itself",
    needs: "server",
    async run({ bucket, history }) {
      const kv = await bucket();
      await kv.put("k", "v");
      const near = await history.bucket(kv.name, { readFrom: "nearest" });
      assert.equal((await near.get("k")).string(), "v");
    },
  },
  {
    name: "a local history has none and says so",
    async run({ bucket, history, place }) {
      if (place.server !== undefined) return;
      const kv = await bucket();
      await rejects(() => history.addReplica(kv.name, { stream: "x" }), InvalidOption);
      await rejects(() => history.bucket(kv.name, { readFrom: "x" }), InvalidOption);
      assert.deepEqual(await history.replicas(kv.name), []);
    },
  },
]);
