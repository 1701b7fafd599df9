// 1 GiB in and the same out at once under `wrangler dev`: the most memory that each process held, beside what it holds
// when nothing happens. wrangler's own proxy is a workerd too, between the client and the Worker's.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { startWranglerDev } from "../support/wrangler-dev.mjs";
import { compileBenchProject } from "./support/bench-project.mjs";
import { printTable, progress, verdict } from "./support/measure.mjs";
import { descendants, listensOn, memoryOf } from "./support/process-cost.mjs";

const total = 1 << 30;
/** What the Worker's process may hold more than when it is idle: buffers of the platform, garbage not yet collected. */
const bar = 64 << 20;
const pattern = randomBytes(1 << 20);

/** Sends `total` bytes to `url` and compares what comes back, both at the pace of the slower. */
async function sendAndReceive(url) {
  const request = http.request(url, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", "content-length": total },
  });
  const answered = once(request, "response");
  const sent = (async () => {
    for (let at = 0; at < total; at += pattern.length)
      if (!request.write(pattern)) await once(request, "drain");
    request.end();
  })();
  const [response] = await answered;
  assert.equal(response.statusCode, 200);
  let at = 0;
  for await (const chunk of response) {
    for (let done = 0; done < chunk.length;) {
      const from = (at + done) % pattern.length;
      const length = Math.min(chunk.length - done, pattern.length - from);
      assert.equal(pattern.compare(chunk, done, done + length, from, from + length), 0);
      done += length;
    }
    at += chunk.length;
    progress(`${at >> 20} of ${total >> 20} MiB came back`);
  }
  await sent;
  assert.equal(at, total);
}

const folder = await compileBenchProject();
const persistTo = path.join(folder, ".state");
const server = await startWranglerDev({ cwd: folder, persistTo });
try {
  const url = new URL("/api/Files/echo", server.url);
  const small = await fetch(url, {
    method: "POST",
    body: "hello",
    headers: { "content-type": "application/octet-stream" },
  });
  assert.equal(await small.text(), "hello");

  const processes = descendants(process.pid, "workerd").map((pid) => ({
    name: listensOn(pid, server.port) ? "workerd, wrangler's proxy" : "workerd, the Worker",
    pid,
    idle: memoryOf(pid).now,
    most: 0,
  }));
  const sample = () => {
    for (const entry of processes) entry.most = Math.max(entry.most, memoryOf(entry.pid).now);
  };
  const timer = setInterval(sample, 50);
  const begin = performance.now();
  await sendAndReceive(url);
  const seconds = (performance.now() - begin) / 1000;
  clearInterval(timer);
  sample();

  const mebibytes = (bytes) => `${(bytes / (1 << 20)).toFixed(0)} MiB`;
  const isWorker = ({ name }) => name.endsWith("Worker");
  printTable([
    [`1 GiB in and out in ${seconds.toFixed(0)} s`, "idle", "most", "more", "bar", ""],
    ...processes
      .sort((left, right) => Number(isWorker(right)) - Number(isWorker(left)))
      .map((entry) => [
        entry.name,
        mebibytes(entry.idle),
        mebibytes(entry.most),
        mebibytes(entry.most - entry.idle),
        isWorker(entry) ? mebibytes(bar) : "",
        isWorker(entry) ? verdict(entry.most - entry.idle <= bar) : "",
      ]),
  ]);
} finally {
  await server.stop();
  await rm(persistTo, { recursive: true, force: true });
}
