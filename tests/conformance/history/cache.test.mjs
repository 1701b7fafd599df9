// The read cache: answers of its own only while it knows of every change, and own writes always.
import assert from "node:assert/strict";
import { cached, RevisionConflict } from "../../../dist/nats/index.js";
import { all, histories, rejects, until } from "./histories.mjs";

/** Waits until the cache answers `value` (null: none) itself or by asking. */
const settles = (cache, key, value) =>
  until(async () => ((await cache.get(key))?.string() ?? null) === value);

histories("cache", [
  {
    name: "it is ready once it has all of the bucket, also of an empty one",
    async run({ bucket }) {
      const empty = cached(await bucket());
      await empty.ready();
      assert.deepEqual(empty.cache.keys, 0);
      empty.close();
      const kv = await bucket();
      await Promise.all(
        Array.from({ length: 200 }, (_, index) => kv.put(`k${index}`, `v${index}`)),
      );
      await kv.delete("k0");
      const cache = cached(kv);
      assert.equal((await cache.get("k1")).string(), "v1", "read through before it is ready");
      await cache.ready();
      assert.equal(cache.cache.keys, 199);
      const { hits } = cache.cache;
      for (let index = 1; index < 200; index += 1)
        assert.equal((await cache.get(`k${index}`)).string(), `v${index}`);
      assert.equal(cache.cache.hits, hits + 199);
      assert.equal(await cache.get("k0"), null);
      cache.close();
      assert.equal((await kv.get("k1")).string(), "v1", "the bucket stays open");
    },
  },
  {
    name: "others' changes arrive: values, markers, erasures",
    async run({ bucket, history }) {
      const kv = await bucket({ history: 2 });
      const other = await history.bucket(kv.name);
      const cache = cached(kv);
      await cache.ready();
      await other.put("k", "1");
      await settles(cache, "k", "1");
      await other.put("k", "2");
      await settles(cache, "k", "2");
      await other.delete("k");
      await settles(cache, "k", null);
      await other.put("k", "3");
      await settles(cache, "k", "3");
      await other.purge("k");
      await settles(cache, "k", null);
      await other.put("k", "4");
      await settles(cache, "k", "4");
      await other.erase("k");
      await settles(cache, "k", null);
      await Promise.all(["a", "b", "c"].map((key) => other.put(key, "v")));
      for (const key of ["a", "b", "c"]) await settles(cache, key, "v");
      await other.purgeBucket();
      for (const key of ["a", "b", "c"]) await settles(cache, key, null);
      cache.close();
    },
  },
  {
    name: "own writes are read at once, whoever else writes",
    async run({ bucket, history }) {
      const kv = await bucket();
      const caches = [cached(kv), cached(await history.bucket(kv.name))];
      await Promise.all(caches.map((cache) => cache.ready()));
      let stale = 0;
      const write = async (cache, name) => {
        for (let number = 0; number < 300; number += 1) {
          const own = `${name}-own`;
          await cache.put(own, String(number));
          if ((await cache.get(own))?.string() !== String(number)) stale += 1;
          const shared = `shared${number % 5}`;
          const revision = await cache.put(shared, `${name}${number}`);
          const read = await cache.get(shared);
          if (read.revision < revision) stale += 1;
          if (number % 10 === 0) {
            await cache.delete(own);
            if ((await cache.get(own)) !== null) stale += 1;
          }
        }
      };
      await Promise.all(caches.map((cache, index) => write(cache, `w${index}`)));
      assert.equal(stale, 0);
      for (const cache of caches) {
        for (let index = 0; index < 5; index += 1) {
          const truth = await kv.get(`shared${index}`);
          await until(async () => (await cache.get(`shared${index}`)).revision === truth.revision);
        }
        assert.ok(cache.cache.hits > 0);
        cache.close();
      }
    },
  },
  {
    name: "it passes conflicts, histories and keys on",
    async run({ bucket }) {
      const cache = cached(await bucket({ history: 3 }));
      await cache.ready();
      const first = await cache.create("k", "1");
      await rejects(() => cache.create("k", "2"), RevisionConflict);
      await cache.update("k", "2", first);
      await rejects(() => cache.update("k", "3", first), RevisionConflict);
      assert.equal((await cache.get("k")).string(), "2");
      assert.equal((await cache.get("k", { revision: first })).string(), "1");
      assert.equal((await cache.history("k")).length, 2);
      assert.deepEqual(await all(cache.keys()), ["k"]);
      cache.close();
    },
  },
  {
    name: "over its bounds it says so and reads the rest",
    async run({ bucket }) {
      const kv = await bucket();
      for (let index = 0; index < 20; index += 1) await kv.put(`k${index}`, "x".repeat(100));
      const few = cached(kv, { keys: 5 });
      await few.ready();
      assert.deepEqual([few.cache.keys, few.cache.overflowed], [5, true]);
      for (let index = 0; index < 20; index += 1)
        assert.equal((await few.get(`k${index}`)).size, 100);
      few.close();
      const small = cached(kv, { bytes: 350 });
      await small.ready();
      assert.ok(small.cache.bytes <= 350 && small.cache.overflowed);
      small.close();
    },
  },
  {
    name: "codecs hold in a cache too",
    async run({ bucket }) {
      const kv = await bucket({ codecs: { keys: "escape" } });
      await kv.put("a b.c", "v");
      const cache = cached(kv);
      await cache.ready();
      await cache.get("a b.c");
      assert.equal(cache.cache.hits, 1);
      cache.close();
    },
  },
  {
    name: "expired entries are not answered",
    async run({ bucket }) {
      const kv = await bucket({ ttl: 1 });
      await kv.put("k", "v");
      const cache = cached(kv);
      await cache.ready();
      assert.equal((await cache.get("k"))?.string(), "v");
      await new Promise((resolve) => setTimeout(resolve, 1100));
      const { hits } = cache.cache;
      await settles(cache, "k", null);
      assert.equal(cache.cache.hits, hits, "the cache itself has no more answer");
      cache.close();
    },
  },
  {
    name: "keys with a TTL of their own go from the cache",
    needs: "keyTtl",
    async run({ bucket }) {
      const kv = await bucket({ markerTtl: 5 });
      const cache = cached(kv);
      await cache.ready();
      await cache.create("k", "v", { ttl: 2 });
      await settles(cache, "k", "v");
      assert.ok((await cache.get("k")).expires instanceof Date);
      await settles(cache, "k", null);
      cache.close();
    },
  },
]);
