// The server around a Worker: requests in, responses out, streams at the pace of whoever reads them, and an end that waits.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/** Answers a request; `target` is its path and query as they were sent. */
export type Answer = (request: Request, target: string) => Promise<Response>;

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Takes no more connections and ends when the requests under way have. */
  stop(): Promise<void>;
  /** Ends them too. */
  abort(): void;
}

/** What the access log says of a request: nothing that could be about a person, so no query and no address. */
export interface Accessed {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The code of a failure of the framework, such as CLO1204. */
  readonly code: string | null;
  readonly milliseconds: number;
}

export async function serveHttp(
  port: number,
  answer: Answer,
  accessed: (entry: Accessed) => void,
  failed: (error: unknown) => void,
): Promise<HttpServer> {
  // Requests under way by connection: one that a caller only keeps must not keep a server that ends.
  const underWay = new Map<Socket, number>();
  let ending = false;
  const endIfIdle = (socket: Socket): void => {
    if (ending && underWay.get(socket) === 0) socket.destroySoon();
  };
  const count = (socket: Socket, more: 1 | -1): void => {
    const before = underWay.get(socket);
    if (before !== undefined) underWay.set(socket, before + more);
  };
  const server = createServer((message, reply) => {
    const { socket } = message;
    count(socket, 1);
    reply.once("close", () => {
      count(socket, -1);
      endIfIdle(socket);
    });
    void respond(message, reply, answer, accessed, failed);
  });
  server.on("connection", (socket) => {
    underWay.set(socket, 0);
    socket.once("close", () => underWay.delete(socket));
  });
  // Longer than callers wait before they send on a connection that they kept: none is to lose a request to its end.
  server.keepAliveTimeout = 65_000;
  await listen(server, port);
  const address = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        ending = true;
        server.close(() => resolve());
        for (const socket of underWay.keys()) endIfIdle(socket);
      }),
    abort: () => server.closeAllConnections(),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") reject(error);
      else reject(new Error(`port ${port} is in use: choose another with --port`));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}

async function respond(
  message: IncomingMessage,
  reply: ServerResponse,
  answer: Answer,
  accessed: (entry: Accessed) => void,
  failed: (error: unknown) => void,
): Promise<void> {
  const started = performance.now();
  const target = message.url ?? "/";
  const gone = new AbortController();
  reply.once("close", () => gone.abort());
  const reads = message.method === "GET" || message.method === "HEAD";
  const body = reads ? null : new Body(message);
  let code: string | null = null;
  try {
    const request = requestOf(message, target, body, gone.signal);
    const response =
      request === null
        ? new Response("Bad Request", { status: 400 })
        : await answer(request, target);
    reply.statusCode = response.status;
    for (const [name, value] of response.headers)
      if (name !== "set-cookie") reply.setHeader(name, value);
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) reply.setHeader("set-cookie", cookies);
    if (response.body === null || message.method === "HEAD") {
      await response.body?.cancel();
      reply.end();
    } else {
      const answered =
        response.status < 400 ? response.body : noted(response.body, (found) => (code = found));
      await pipeline(Readable.fromWeb(answered as NodeReadableStream), reply);
    }
  } catch (error) {
    if (!gone.signal.aborted) failed(error);
    if (reply.headersSent) reply.destroy();
    else {
      reply.statusCode = 500;
      reply.end("Internal Server Error");
    }
  }
  body?.drop();
  accessed({
    method: message.method ?? "",
    path: target.split("?", 1)[0] ?? "",
    status: reply.statusCode,
    code,
    milliseconds: performance.now() - started,
  });
}

/** Null for a request that is none, such as one without a host. */
function requestOf(
  message: IncomingMessage,
  target: string,
  body: Body | null,
  signal: AbortSignal,
): Request | null {
  const url = `http://${message.headers.host ?? ""}${target}`;
  if (!target.startsWith("/") || !URL.canParse(url)) return null;
  const headers = new Headers();
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const name = message.rawHeaders[index] as string;
    if (!name.startsWith(":")) headers.append(name, message.rawHeaders[index + 1] as string);
  }
  const method = message.method ?? "GET";
  const init: RequestInit & { duplex?: "half" } = { method, headers, signal };
  if (body !== null) {
    init.body = body.stream;
    init.duplex = "half";
  }
  try {
    return new Request(url, init);
  } catch {
    return null;
  }
}

/** The body of a request, at the pace of its reader. */
class Body {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #message: IncomingMessage;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  constructor(message: IncomingMessage) {
    this.#message = message;
    message.pause();
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => void message.resume(),
        cancel: () => {
          this.#controller = null;
          message.resume();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: 64 * 1024 }),
    );
    message.on("data", (chunk: Buffer) => {
      this.#controller?.enqueue(chunk);
      if ((this.#controller?.desiredSize ?? 1) <= 0) message.pause();
    });
    message.once("end", () => this.#end((controller) => controller.close()));
    for (const event of ["error", "close"])
      message.once(event, () => this.#fail("The sender of this body has gone."));
  }

  /**
   * Reads what is left and drops it, once the answer is out: a connection that is cut before would take the answer along,
   * and one that waits is of no use.
   */
  drop(): void {
    this.#fail("Can't read from request stream after response has been sent.");
    this.#message.resume();
  }

  #fail(message: string): void {
    this.#end((controller) => controller.error(new TypeError(message)));
  }

  #end(how: (controller: ReadableStreamDefaultController<Uint8Array>) => void): void {
    const controller = this.#controller;
    this.#controller = null;
    if (controller !== null) how(controller);
  }
}

/** Looks for a failure's code in the first bytes that pass. */
function noted(body: ReadableStream, found: (code: string) => void): ReadableStream {
  let first = true;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        if (first) {
          const text = Buffer.from(chunk.subarray(0, 400)).toString();
          const match = /\bCLO\d{4}\b/.exec(text);
          if (match !== null) found(match[0]);
        }
        first = false;
        controller.enqueue(chunk);
      },
    }),
  );
}
