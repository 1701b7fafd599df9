// The stores that one suite runs over: cloesce/local in memory and on disk, KV on buckets with history, and Miniflare, which is
// right where they differ.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { createLocal } from "../../dist/local/index.js";
import { connect, kvOf, local as localHistory } from "../../dist/nats/index.js";
import { endWithMiniflare, startMiniflare } from "../support/miniflare.mjs";
import { hasKeyTtl, natsServers, startNats } from "../support/nats-server.mjs";

/** KV alone, on buckets with history: in memory, and on the newest nats-server there is. */
const newestServer = natsServers().at(-1);
const historyImplementations = {
  history: (kind, count) => openHistory(count, () => ({ history: localHistory({ memory: true }) })),
  ...(newestServer === undefined
    ? {}
    : {
        nats: (kind, count) =>
          openHistory(count, async () => {
            const server = await startNats(newestServer);
            return { history: connect({ servers: server.url }), stop: () => server.stop() };
          }),
      }),
};

const binding = { kv: "KV", r2: "FILES", d1: "DB", cache: "CACHE" };

/** Opens `count` stores of a kind, so that every case has one that nobody wrote to. */
const implementations = {
  memory: (kind, count) => openLocal({ memory: true }, kind, count),
  disk: (kind, count) => {
    const root = mkdtempSync(path.join(tmpdir(), "cloesce-conformance-"));
    return openLocal({ root }, kind, count, () => rmSync(root, { recursive: true, force: true }));
  },
  ...historyImplementations,
  // The last: with it the process ends.
  miniflare: openMiniflare,
};

/**
 * Runs `cases`, which are `{ name, run(store), only? , differs? }`, over every implementation. `only` names those that a case
 * is about; `differs` is the heading in docs/local.md under which the reason stands that Miniflare does otherwise.
 */
export function conformance(kind, cases) {
  for (const [name, open] of Object.entries(implementations)) {
    if (name in historyImplementations && kind !== "kv") continue;
    describe(`${kind} over ${name}`, () => {
      let opened;
      before(async () => (opened = await open(kind, cases.length)));
      after(() => opened.close());
      for (const [index, one] of cases.entries()) {
        const skip =
          one.only !== undefined && !one.only.includes(name)
            ? `is about ${one.only.join(" and ")}`
            : name === "miniflare" && one.differs !== undefined
              ? `docs/local.md: ${one.differs}`
              : false;
        test(one.name, { skip }, () => one.run(opened.store(index)));
      }
    });
  }
}

async function openLocal(where, kind, count, removed = () => undefined) {
  const names = Array.from({ length: count }, (_, index) => `${binding[kind]}${index}`);
  const local = await createLocal({
    ...where,
    ...(kind === "cache" ? { cache: true } : { [kind]: names }),
  });
  return {
    store: (index) =>
      kind === "cache" ? local.caches.open(`cache-${index}`) : local.env[names[index]],
    close: () => {
      local.close();
      removed();
    },
  };
}

async function openHistory(count, start) {
  const { history: opening, stop } = await start();
  const history = await opening;
  const stores = await Promise.all(
    Array.from({ length: count }, async (_, index) =>
      kvOf(
        await history.bucket(
          `kv${index}`,
          newestServer !== undefined && hasKeyTtl(newestServer) ? { markerTtl: 60 } : {},
        ),
      ),
    ),
  );
  return {
    store: (index) => stores[index],
    close: async () => {
      await history.close();
      await stop?.();
    },
  };
}

async function openMiniflare(kind, count) {
  const names = Array.from({ length: count }, (_, index) => `${binding[kind]}${index}`);
  const miniflare = await startMiniflare(kind === "cache" ? {} : { [kind]: names });
  const env = kind === "cache" ? null : await miniflare.getBindings();
  const caches = kind === "cache" ? await miniflare.getCaches() : null;
  return {
    store: (index) => (env === null ? caches.open(`cache-${index}`) : env[names[index]]),
    close: () => endWithMiniflare(miniflare),
  };
}

/** That `work` throws or rejects with exactly this message, and this kind of error where one is named. */
export async function fails(work, message, kind) {
  const error = await Promise.resolve()
    .then(work)
    .then(
      () => assert.fail(`nothing was thrown, expected: ${message}`),
      (thrown) => thrown,
    );
  if (message instanceof RegExp) assert.match(error.message, message);
  else assert.equal(error.message, message);
  if (kind !== undefined) assert.equal(error.constructor.name, kind);
}

/** Everything of a stream, as text. */
export async function textOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
