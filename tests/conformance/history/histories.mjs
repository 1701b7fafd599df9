// The places that the suite of buckets with history runs over: SQLite in memory and on disk, and every nats-server there is.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { connect, local } from "../../../dist/nats/index.js";
import { hasKeyTtl, natsServers, noServer, startNats } from "../../support/nats-server.mjs";

const servers = natsServers();

const places = [
  { name: "memory", keyTtl: true, open: async () => ({ history: await local({ memory: true }) }) },
  {
    name: "disk",
    keyTtl: true,
    open: async () => {
      const root = mkdtempSync(path.join(tmpdir(), "cloesce-history-"));
      return {
        history: await local({ root }),
        close: () => rmSync(root, { recursive: true, force: true }),
      };
    },
  },
  ...servers.map((found) => ({
    name: `nats-server ${found.version}`,
    keyTtl: hasKeyTtl(found),
    server: found,
    open: async () => {
      const server = await startNats(found);
      return {
        history: await connect({ servers: server.url }),
        url: server.url,
        close: () => server.stop(),
      };
    },
  })),
];

/**
 * Runs `cases`, `{ name, run({ bucket, history, place }), needs? }`, over every place. `bucket(options)` opens a new one;
 * `needs` is "keyTtl", "noKeyTtl" or "server".
 */
export function histories(title, cases) {
  if (servers.length === 0) test(`${title} over a server`, { skip: noServer }, () => undefined);
  for (const place of places) {
    describe(`${title} over ${place.name}`, () => {
      let opened;
      let number = 0;
      before(async () => (opened = await place.open()));
      after(async () => {
        await opened.history.close();
        await opened.close?.();
      });
      for (const one of cases) {
        const lacks =
          (one.needs === "keyTtl" && !place.keyTtl) ||
          (one.needs === "noKeyTtl" && place.keyTtl) ||
          (one.needs === "server" && place.server === undefined);
        test(one.name, { skip: lacks ? `is about ${one.needs}` : false, timeout: 30_000 }, () =>
          one.run({
            place,
            history: opened.history,
            url: opened.url,
            bucket: (options) => {
              number += 1;
              return opened.history.bucket(`b${number}`, options);
            },
          }),
        );
      }
    });
  }
}

/** That `work` rejects with this class; answers the error. */
export async function rejects(work, kind) {
  const error = await Promise.resolve()
    .then(work)
    .then(
      () => assert.fail(`nothing was thrown, expected ${kind.name}`),
      (thrown) => thrown,
    );
  assert.equal(error.constructor.name, kind.name, error.stack);
  return error;
}

/** The next `count` of a watch: entries as [key, operation, text, revision], the mark as null. */
export async function take(watch, count) {
  const taken = [];
  while (taken.length < count) {
    const { value, done } = await watch.next();
    if (done === true) {
      taken.push("end");
      break;
    }
    taken.push(shown(value));
  }
  return taken;
}

export const shown = (entry) =>
  entry === null ? null : [entry.key, entry.operation, entry.string(), entry.revision];

export async function all(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}

/** Waits until `work` answers something true, so many milliseconds at most. */
export async function until(work, most = 10_000) {
  const end = Date.now() + most;
  for (;;) {
    const answer = await work();
    if (answer) return answer;
    if (Date.now() > end) assert.fail(`not within ${most} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
