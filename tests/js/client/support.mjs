// A real HTTP server that keeps what it was sent, and generated clients loaded as an application would load them.
import { createServer } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

export const packageRoot = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const emitted = new Set(["small", "wide"]);
export const golden = (name) =>
  join(packageRoot, "tests", "golden", emitted.has(name) ? "emit" : "compile", name, "client.ts");

/**
 * A server on a free port, closed when the test file is done. `server.requests` holds what came in; `server.answer` is
 * what goes out: `{ status, headers, body }`, JSON unless `headers` say otherwise.
 */
export async function startServer() {
  const server = {
    requests: [],
    answer: {},
    get last() {
      return server.requests.at(-1);
    },
  };
  const http = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    server.requests.push({ method, url, headers, body: Buffer.concat(chunks) });
    const {
      status = 200,
      headers: sent = { "Content-Type": "application/json" },
      body,
    } = server.answer;
    response.writeHead(status, sent);
    response.end(body);
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  server.url = `http://127.0.0.1:${http.address().port}`;
  after(() => {
    http.closeAllConnections();
    http.close();
  });
  return server;
}

export const json = (value, status = 200) => ({ status, body: JSON.stringify(value) });

export const octet = (body) => ({ headers: { "Content-Type": "application/octet-stream" }, body });

/** The multipart body of a recorded request, parsed by the platform. */
export async function formOf(request) {
  const response = new Response(request.body, {
    headers: { "Content-Type": request.headers["content-type"] },
  });
  return response.formData();
}

/** A generated client, bundled by esbuild with the built `cloesce/client` and imported. */
export async function loadClient(name) {
  const folder = await mkdtemp(join(tmpdir(), "cloesce-client-"));
  after(() => rm(folder, { recursive: true, force: true }));
  const outfile = join(folder, "client.mjs");
  await build({
    entryPoints: [golden(name)],
    bundle: true,
    format: "esm",
    outfile,
    alias: { "cloesce/client": join(packageRoot, "dist", "client", "index.js") },
    logLevel: "error",
  });
  return import(pathToFileURL(outfile).href);
}
