// The same random calls to several stores give the same answers: in memory, on disk, and Miniflare's, which are called inside
// workerd. CLOESCE_SEED says which calls ("random": others at each run), CLOESCE_DIFFERENTIAL how many.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { createLocal } from "../../dist/local/index.js";
import { endWithMiniflare } from "../support/miniflare.mjs";
import { randomCalls } from "./differential/calls.mjs";
import { performAll } from "./differential/perform.mjs";
import { startPerforming } from "./differential/workerd.mjs";

const { CLOESCE_SEED = "20261130", CLOESCE_DIFFERENTIAL = "100000" } = process.env;
const seed = CLOESCE_SEED === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(CLOESCE_SEED);
const calls = Number(CLOESCE_DIFFERENTIAL);
const callsAtATime = 500;
/** Each has stores, a seed and a workerd of its own. */
const lanes = Math.min(2, availableParallelism());
const stores = { kv: ["KV"], r2: ["FILES"], d1: ["DB"] };

const unsatisfiable = "Error: get: The requested range is not satisfiable (10039)";

/** What is known of Miniflare's answers, by the heading in docs/local.md: how one is set right that we answered with `ours`. */
const known = [
  {
    differs: "SQL messages",
    of: "d1.",
    right: (theirs) =>
      typeof theirs === "string" ? theirs.replace(/ at offset \d+(?=: SQLITE_)/, "") : theirs,
  },
  {
    differs: "Ranges at the end",
    of: "r2.get",
    right: (theirs) => (theirs === "Error: get: Unspecified error (0)" ? unsatisfiable : theirs),
  },
  {
    differs: "Ranges past the end of an object of parts",
    of: "r2.get",
    right: (theirs, ours) =>
      ours === unsatisfiable && /^[0-9a-f]{32}-\d+$/.test(theirs[0]?.etag) ? unsatisfiable : theirs,
  },
  {
    differs: "Freshness",
    of: "cache.match",
    right: (theirs) => withHeaders(theirs, ([name]) => name !== "age" && name !== "date"),
  },
  {
    differs: "Excepted cookies",
    of: "cache.match",
    right: (theirs) =>
      withHeaders(theirs, (pair) => {
        if (pair[1] === ", max-age=3600") pair[1] = "private=set-cookie, max-age=3600";
        return true;
      }),
  },
  {
    differs: "Lengths of cached answers",
    of: "cache.match",
    right: (theirs, ours) =>
      withHeaders(theirs, (pair) => {
        if (pair[0] === "content-length" && theirs[2].startsWith("--boundary"))
          pair[1] = new Map(ours[1]).get("content-length");
        return true;
      }),
  },
];

/** A response's outcome with those of its headers that `keep` says, which may change them. */
function withHeaders(outcome, keep) {
  if (!Array.isArray(outcome)) return outcome;
  const [status, headers, text] = outcome;
  return [status, headers.filter(keep), text];
}

const throughJson = (value) => JSON.parse(JSON.stringify(value));

/** Makes `count` calls of one seed everywhere, batch by batch. */
async function compare(count, laneSeed, perform, locals) {
  const endless = randomCalls(laneSeed);
  const batches = Array.from({ length: Math.ceil(count / callsAtATime) }, (_, index) =>
    Math.min(callsAtATime, count - index * callsAtATime),
  );
  let next = null;
  const send = (length) => {
    // As workerd reads it, with null for what JSON leaves out of an array.
    const batch = throughJson(Array.from({ length }, () => endless.next().value));
    next = { batch, theirs: perform(batch) };
  };
  send(batches[0]);
  for (const [index] of batches.entries()) {
    const { batch, theirs } = next;
    const answered = {};
    for (const [name, { bindings, uploads }] of Object.entries(locals))
      answered[name] = throughJson(await performAll(bindings, uploads, batch));
    const outcomes = await theirs;
    // Workerd is at the next ones while these are looked at.
    if (index + 1 < batches.length) send(batches[index + 1]);
    for (const [at, call] of batch.entries()) {
      for (const [name, all] of Object.entries(answered)) {
        const expected = known
          .filter(({ of }) => call[0].startsWith(of))
          .reduce((outcome, { right }) => right(outcome, all[at]), outcomes[at]);
        const which = `call ${index * callsAtATime + at} of seed ${laneSeed}, ${name}`;
        assert.deepEqual(all[at], expected, `${which}: ${JSON.stringify(call)}`);
      }
    }
  }
}

const seeds = Array.from({ length: lanes }, (_, lane) => seed + lane);

test(`memory, disk and workerd agree on ${calls} random calls, seeds ${seeds.join(" and ")}`, async (t) => {
  const root = mkdtempSync(path.join(tmpdir(), "cloesce-differential-"));
  const opened = [];
  const miniflares = [];
  t.after(() => {
    for (const local of opened) local.close();
    rmSync(root, { recursive: true, force: true });
    miniflares.forEach(endWithMiniflare);
  });
  const work = seeds.map(async (laneSeed, lane) => {
    const { miniflare, perform } = await startPerforming(stores);
    miniflares.push(miniflare);
    const locals = {};
    for (const [name, where] of [
      ["memory", { memory: true }],
      ["disk", { root: path.join(root, String(lane)) }],
    ]) {
      const local = await createLocal({ ...where, ...stores, cache: true });
      opened.push(local);
      const bindings = { ...local.env, cache: local.caches.default };
      locals[name] = { bindings, uploads: new Map() };
    }
    await compare(Math.ceil(calls / lanes), laneSeed, perform, locals);
  });
  await Promise.all(work);
});
