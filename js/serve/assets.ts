// Static files as Cloudflare serves them beside a Worker.

import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import type { AssetSettings } from "./bindings.js";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".gif": "image/gif",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".mp3": "audio/mpeg",
  ".mp4": "video/mp4",
  ".webmanifest": "application/manifest+json",
};

export class Assets {
  readonly #settings: AssetSettings;

  constructor(settings: AssetSettings) {
    this.#settings = settings;
  }

  /** Whether the Worker is asked before a file is looked for. */
  workerFirst(path: string): boolean {
    const { workerFirst } = this.#settings;
    if (typeof workerFirst === "boolean") return workerFirst;
    const fits = (pattern: string): boolean => matches(pattern, path);
    if (workerFirst.some((pattern) => pattern.startsWith("!") && fits(pattern.slice(1))))
      return false;
    return workerFirst.some((pattern) => !pattern.startsWith("!") && fits(pattern));
  }

  /** The file of a request; null when there is none, or the request is no reading. */
  async file(request: Request): Promise<Response | null> {
    if (request.method !== "GET" && request.method !== "HEAD") return null;
    const path = pathOf(new URL(request.url));
    if (path === null) return null;
    for (const candidate of path.endsWith("/")
      ? [`${path}index.html`]
      : [path, `${path}.html`, `${path}/index.html`]) {
      const found = await this.#answer(request, candidate, 200);
      if (found !== null) return found;
    }
    return null;
  }

  /** What stands for a file that is not there, by the settings. */
  async missing(request: Request): Promise<Response> {
    const { notFound } = this.#settings;
    const reads = request.method === "GET" || request.method === "HEAD";
    if (reads && notFound !== "none") {
      const page = notFound === "404-page" ? "/404.html" : "/index.html";
      const found = await this.#answer(request, page, notFound === "404-page" ? 404 : 200);
      if (found !== null) return found;
    }
    return new Response("Not Found", { status: 404 });
  }

  /** Pages of an application that has its own views: a browser that goes to one gets the page without asking the Worker. */
  takesNavigation(request: Request): boolean {
    return (
      this.#settings.notFound !== "none" && request.headers.get("sec-fetch-mode") === "navigate"
    );
  }

  async #answer(request: Request, path: string, status: number): Promise<Response | null> {
    const file = join(this.#settings.directory, ...path.split("/"));
    if (!file.startsWith(this.#settings.directory + sep)) return null;
    const found = await stat(file).catch(() => null);
    if (found?.isFile() !== true) return null;
    const bytes = await readFile(file);
    const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
    const headers = {
      "content-type": types[extname(file).toLowerCase()] ?? "application/octet-stream",
      "cache-control": "public, max-age=0, must-revalidate",
      etag,
    };
    const known = (request.headers.get("if-none-match") ?? "")
      .split(",")
      .map((tag) => tag.trim().replace(/^W\//, ""));
    if (status === 200 && known.includes(etag)) return new Response(null, { status: 304, headers });
    const body = request.method === "HEAD" ? null : bytes;
    return new Response(body, {
      status,
      headers: { ...headers, "content-length": String(bytes.byteLength) },
    });
  }
}

/** The path with its escapes undone; null for one that no file can have. */
function pathOf(url: URL): string | null {
  try {
    const path = decodeURIComponent(url.pathname);
    return /[\0\\]|(?:^|\/)\.\.?(?:\/|$)/.test(path) ? null : path;
  } catch {
    return null;
  }
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(path);
}
