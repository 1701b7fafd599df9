// Put in front of a Worker under test: which cores its isolate opened and how much memory the live ones have, asked at an
// entrypoint of its own, so that requests to the Worker do not pay for it.

import { WorkerEntrypoint } from "cloudflare:workers";

const memories = [];

const Original = WebAssembly.Instance;
WebAssembly.Instance = class extends Original {
  constructor(...taken) {
    super(...taken);
    if (this.exports.memory) memories.push(new WeakRef(this.exports.memory));
  }
};

export class Cores extends WorkerEntrypoint {
  fetch() {
    const live = memories.map((memory) => memory.deref()).filter((memory) => memory !== undefined);
    return Response.json({
      opened: memories.length,
      bytes: live.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
    });
  }
}
