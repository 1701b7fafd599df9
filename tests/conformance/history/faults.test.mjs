// Servers that go away: what was acknowledged is there, watches go on without loss or repetition, and what failed can be
// written again without being stored twice.
import assert from "node:assert/strict";
import { createServer, connect as connectSocket } from "node:net";
import { describe, test } from "node:test";
import { cached, connect, Unavailable } from "../../../dist/nats/index.js";
import { natsServers, noServer, startCluster, startNats } from "../../support/nats-server.mjs";
import { until } from "./histories.mjs";

const servers = natsServers();

/**
 * How much later than its acknowledgement an entry may be seen, in milliseconds: the contract says ten seconds; twice
 * that here, as a machine that runs tests may be busy. While a cluster has no leader nothing is acknowledged.
 */
const allowedLateness = 20_000;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

if (servers.length === 0) test("faults", { skip: noServer }, () => undefined);

/** Keeps writing until `stop`; failed writes are repeated with their id. */
function writer(kv, name) {
  const state = { acknowledged: new Map(), at: new Map(), failed: [], stopped: false, others: [] };
  const work = (async () => {
    for (let number = 0; !state.stopped; number += 1) {
      const key = `${name}-${number}`;
      let id;
      for (;;) {
        try {
          state.acknowledged.set(key, await kv.put(key, key, id === undefined ? {} : { id }));
          state.at.set(key, performance.now());
          break;
        } catch (error) {
          if (!(error instanceof Unavailable)) state.others.push(error);
          state.failed.push(error);
          id = error.messageId;
          if (state.others.length > 0) return;
        }
      }
    }
  })();
  return {
    state,
    stop: async () => {
      state.stopped = true;
      await work;
    },
  };
}

/** Collects a watch. */
function watcher(kv) {
  const seen = [];
  const at = new Map();
  let marks = 0;
  const watch = kv.watch({ include: "history" });
  const work = (async () => {
    for await (const entry of watch) {
      if (entry === null) {
        marks += 1;
        continue;
      }
      seen.push(entry);
      at.set(entry.key, performance.now());
    }
  })();
  return {
    seen,
    at,
    get marks() {
      return marks;
    },
    stop: async () => {
      await watch.return();
      await work;
    },
  };
}

async function checkAll(kv, writers, watched) {
  const acknowledged = new Map(writers.flatMap(({ state }) => [...state.acknowledged]));
  assert.deepEqual(
    writers.flatMap(({ state }) => state.others),
    [],
    "failures are Unavailable",
  );
  await until(() => watched.seen.length >= acknowledged.size);
  for (const [key, revision] of acknowledged) {
    const entry = await kv.get(key);
    assert.equal(entry?.string(), key, `${key} was acknowledged`);
    assert.equal(entry.revision, revision);
    assert.equal((await kv.history(key)).length, 1, `${key} was stored twice`);
    if (acknowledged.size > 500 && revision > 200) break;
  }
  const revisions = watched.seen.map(({ revision }) => revision);
  assert.deepEqual(
    revisions,
    [...new Set(revisions)].sort((left, right) => left - right),
  );
  const keys = new Set(watched.seen.map(({ key }) => key));
  assert.equal(keys.size, watched.seen.length, "no key was written twice");
  for (const key of acknowledged.keys()) assert.ok(keys.has(key), `the watch missed ${key}`);
  assert.equal(watched.marks, 1);
  const late = writers.flatMap(({ state }) =>
    [...state.at].map(([key, acknowledgedAt]) => watched.at.get(key) - acknowledgedAt),
  );
  const latest = Math.max(...late);
  assert.ok(latest < allowedLateness, `an entry was seen ${latest} ms after its acknowledgement`);
}

for (const found of servers) {
  describe(`faults of nats-server ${found.version}`, () => {
    test("killed and started again under load", { timeout: 60_000 }, async () => {
      const server = await startNats(found);
      const history = await connect({ servers: server.url, timeout: 3000 });
      try {
        const kv = await history.bucket("load", { history: 3 });
        const watched = watcher(kv);
        await until(() => watched.marks === 1);
        const writers = ["a", "b"].map((name) => writer(kv, name));
        for (let round = 0; round < 3; round += 1) {
          await pause(400);
          await server.kill();
          await pause(round * 300);
          await server.start();
          const before = watched.seen.length;
          await until(() => watched.seen.length > before);
        }
        await Promise.all(writers.map((one) => one.stop()));
        await checkAll(kv, writers, watched);
        await watched.stop();
      } finally {
        await history.close();
        await server.stop();
      }
    });

    test(
      "a server that stays away is Unavailable, and named in time",
      { timeout: 30_000 },
      async () => {
        const server = await startNats(found);
        const history = await connect({ servers: server.url, timeout: 1000 });
        try {
          const kv = await history.bucket("gone");
          await server.kill();
          const started = performance.now();
          for (const work of [() => kv.put("k", "v"), () => kv.get("k"), () => kv.history("k")])
            await assert.rejects(work, Unavailable);
          assert.ok(performance.now() - started < 9000);
        } finally {
          await history.close();
          await server.stop();
        }
      },
    );

    test("a consumer that is lost is made anew within 10 s", { timeout: 30_000 }, async () => {
      const server = await startNats(found);
      const history = await connect({ servers: server.url });
      const other = await import("@nats-io/transport-node").then((client) =>
        client.connect({ servers: server.url }),
      );
      try {
        const kv = await history.bucket("consumers");
        const watched = watcher(kv);
        await until(() => watched.marks === 1);
        await kv.put("before", "v");
        await until(() => watched.seen.length === 1);
        const { consumers } = (await other.request("$JS.API.CONSUMER.NAMES.KV_consumers")).json();
        assert.equal(consumers.length, 1);
        await other.request(`$JS.API.CONSUMER.DELETE.KV_consumers.${consumers[0]}`);
        await kv.put("after", "v");
        await until(() => watched.seen.length === 2);
        assert.equal(watched.marks, 1);
        await watched.stop();
        await until(async () => {
          const left = (await other.request("$JS.API.CONSUMER.NAMES.KV_consumers")).json()
            .consumers;
          return left === null || left.length === 0;
        });
      } finally {
        await other.close();
        await history.close();
        await server.stop();
      }
    });

    test(
      "a cache whose connection is cut is not ready, and never old when it says so",
      { timeout: 60_000 },
      async () => {
        const server = await startNats(found);
        const proxy = await startProxy(server.port);
        const near = await connect({ servers: server.url });
        const far = await connect({ servers: proxy.url, timeout: 1500 });
        try {
          const source = await near.bucket("cut", { history: 1 });
          const cache = cached(await far.bucket("cut"));
          await source.put("k", "0");
          await cache.ready();
          const cut = found === servers.at(-1) ? 30_000 : 5000;
          let value = 0;
          const written = [];
          let stale = 0;
          let readWhileCut = 0;
          const ends = performance.now() + cut + 4000;
          const cutAt = performance.now() + 500;
          while (performance.now() < ends) {
            const now = performance.now();
            if (proxy.open && now > cutAt && now < cutAt + cut) proxy.cut();
            if (!proxy.open && now > cutAt + cut) proxy.mend();
            value += 1;
            await source.put("k", String(value));
            written[value] = performance.now();
            await pause(20);
            if (!cache.cache.ready) continue;
            const asked = performance.now();
            const entry = await cache.get("k").catch(() => null);
            if (!proxy.open) readWhileCut += 1;
            // On a busy machine a change takes a while to arrive. What was replaced longer ago, beside a cut of seconds, is stale.
            const next = entry === null ? undefined : written[Number(entry.string()) + 1];
            if (next !== undefined && next < asked - 500) stale += 1;
          }
          assert.equal(readWhileCut, 0, "it was ready while it was cut off");
          assert.equal(stale, 0);
          await cache.ready();
          assert.equal((await cache.get("k")).string(), String(value));
          cache.close();
        } finally {
          await far.close();
          await near.close();
          await proxy.stop();
          await server.stop();
        }
      },
    );
  });
}

const newest = servers.at(-1);
if (newest !== undefined) {
  test(
    `a cluster of three (${newest.version}) whose leader is killed three times during writes`,
    { timeout: 180_000 },
    async () => {
      const cluster = await startCluster(newest);
      let history;
      try {
        history = await until(
          () => connect({ servers: cluster.urls, timeout: 5000 }).catch(() => null),
          30_000,
        );
        const kv = await until(
          () => history.bucket("cluster", { history: 3, replicas: 3 }).catch(() => null),
          30_000,
        );
        const watched = watcher(kv);
        await until(() => watched.marks === 1);
        const writers = ["a", "b", "c"].map((name) => writer(kv, name));
        for (let round = 0; round < 3; round += 1) {
          await pause(700);
          const leader = await leaderOf(cluster, "KV_cluster");
          await leader.kill();
          const before = watched.seen.length;
          await until(() => watched.seen.length > before, 20_000);
          await leader.start();
          await pause(1500);
        }
        await Promise.all(writers.map((one) => one.stop()));
        await checkAll(kv, writers, watched);
        assert.equal(watched.seen[0].origin, "cluster-of-tests");
        await watched.stop();
      } finally {
        await history?.close();
        await cluster.stop();
      }
    },
  );
}

async function leaderOf(cluster, stream) {
  const { connect: open } = await import("@nats-io/transport-node");
  return until(async () => {
    const connection = await open({ servers: cluster.urls }).catch(() => null);
    if (connection === null) return null;
    try {
      const info = (await connection.request(`$JS.API.STREAM.INFO.${stream}`)).json();
      return cluster.servers.find(({ name }) => name === info.cluster?.leader) ?? null;
    } catch {
      return null;
    } finally {
      await connection.close();
    }
  }, 20_000);
}

/** A way to a port that can be cut. */
async function startProxy(port) {
  const sockets = new Set();
  let open = true;
  const server = createServer((near) => {
    if (!open) return near.destroy();
    const far = connectSocket(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `nats://127.0.0.1:${server.address().port}`,
    get open() {
      return open;
    },
    cut() {
      open = false;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      open = true;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
