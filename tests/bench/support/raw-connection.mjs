// One kept connection to a Worker, written to and read from by hand: a client that costs little next to what it measures,
// and that can send what no proper client would.

import { connect } from "node:net";

const headEnd = Buffer.from("\r\n\r\n");

/** `{ status, head, body }`; the status is 0 where the connection ended without a whole answer, the body then says how. */
export class RawConnection {
  #port;
  #socket = null;
  /** Resolves what is under way, null when nothing is. */
  #settle = null;
  /** What came of the answer so far. */
  #received = null;
  #bodiless = false;
  /** When it was sent. */
  #since = 0;

  constructor(port) {
    this.#port = port;
  }

  /** Sends a whole request. `bodiless` says that its answer has no body, whatever its head says. */
  send(bytes, bodiless = false) {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#received = null;
      this.#bodiless = bodiless;
      this.#since = performance.now();
      this.#open().write(bytes);
    });
  }

  /**
   * Sends `bytes` and goes away `milliseconds` after they are written, whatever came meanwhile: with a reset, or as a
   * connection that is closed.
   */
  abandon(bytes, milliseconds, withReset) {
    return new Promise((resolve) => {
      const socket = this.#open();
      this.#socket = null;
      const leave = () => {
        if (withReset) socket.resetAndDestroy();
        else socket.destroy();
        resolve();
      };
      socket.removeAllListeners("data");
      socket.on("close", resolve);
      socket.resume();
      socket.write(bytes, () => {
        if (milliseconds > 0) setTimeout(leave, milliseconds);
        else leave();
      });
    });
  }

  /** Ends what is under way for `milliseconds` or longer, as if the connection were lost. */
  endAfter(milliseconds) {
    if (this.#settle === null || performance.now() - this.#since < milliseconds) return;
    this.close();
    this.#answer({ status: 0, head: "", body: Buffer.from(`no answer in ${milliseconds} ms`) });
  }

  close() {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #open() {
    if (this.#socket !== null) return this.#socket;
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true });
    this.#socket = socket;
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("error", (error) => this.#lose(socket, error.code ?? error.message));
    socket.on("close", () => this.#lose(socket, "closed without an answer"));
    return socket;
  }

  #lose(socket, why) {
    if (this.#socket !== socket) return;
    this.#socket = null;
    this.#answer({ status: 0, head: "", body: Buffer.from(why) });
  }

  #take(chunk) {
    const bytes = this.#received === null ? chunk : Buffer.concat([this.#received, chunk]);
    this.#received = bytes;
    const end = bytes.indexOf(headEnd);
    if (end < 0) return;
    const head = bytes.latin1Slice(0, end);
    const body = this.#bodiless ? bytes.subarray(0, 0) : bodyOf(head, bytes.subarray(end + 4));
    if (body === null) return;
    if (/\r\nconnection: close/i.test(head)) this.close();
    this.#answer({ status: Number(head.slice(9, 12)), head, body });
  }

  #answer(answer) {
    const settle = this.#settle;
    this.#settle = null;
    this.#received = null;
    settle?.(answer);
  }
}

/** The body out of what came after the head; null when it is not complete. */
function bodyOf(head, rest) {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length !== null) return rest.length < Number(length[1]) ? null : rest;
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return rest;
  const chunks = [];
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf("\r\n", at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(rest.latin1Slice(at, lineEnd), 16);
    const begin = lineEnd + 2;
    if (rest.length < begin + size + 2) return null;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(rest.subarray(begin, begin + size));
    at = begin + size + 2;
  }
}
