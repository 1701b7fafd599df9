// The order of a module's functions in which it is smallest compressed. gzip finds what was written 32 KB before at most,
// and a linker puts functions where it likes: here each stands behind those that it has most in common with.
import { gzipSync } from "node:zlib";
import { functionBytes, readModule, writeModule } from "./wasm-functions.mjs";

/** Bytes that are looked for together; how far back; and how many entries the table of what is there has. */
const length = 5;
const distance = 24_000;
const entries = 1 << 18;
/** The order is begun with each of the longest functions; the best is taken. */
const attempts = 6;

/** `bytes`, or the same module with its functions in another order when that is smaller under gzip. */
export function orderFunctions(bytes) {
  const module = readModule(bytes);
  const functions = module.functions.map((one) => {
    const code = functionBytes(one);
    return { size: code.length, pieces: pieces(code) };
  });
  const longest = [...functions.keys()].sort(
    (one, two) => functions[two].size - functions[one].size,
  );
  let best = bytes;
  for (const first of longest.slice(0, attempts)) {
    const ordered = writeModule(module, orderFrom(first, functions));
    if (compressed(ordered) < compressed(best)) best = ordered;
  }
  if (!WebAssembly.validate(best)) throw new Error("the module in order is invalid");
  return best;
}

/** The places of `functions`, `first` before the others. */
function orderFrom(first, functions) {
  const near = new Uint16Array(entries);
  const left = new Set(functions.keys());
  const order = [];
  let nearBytes = 0;
  let nearest = 0;
  for (let next = first; next !== undefined; next = mostInCommon(left, functions, near)) {
    left.delete(next);
    order.push(next);
    nearBytes += functions[next].size;
    for (const piece of functions[next].pieces) near[piece]++;
    for (; nearBytes > distance && order[nearest] !== next; nearest++) {
      const gone = functions[order[nearest]];
      nearBytes -= gone.size;
      for (const piece of gone.pieces) near[piece]--;
    }
  }
  return order;
}

/** Which of `left` has the largest share of its pieces `near`. */
function mostInCommon(left, functions, near) {
  let best;
  let bestShare = -1;
  for (const place of left) {
    const { pieces } = functions[place];
    let found = 0;
    for (const piece of pieces) if (near[piece] > 0) found++;
    const share = found / (pieces.length || 1);
    if (share <= bestShare) continue;
    best = place;
    bestShare = share;
  }
  return best;
}

/** Hashes of all runs of bytes, each once. */
function pieces(code) {
  const found = new Set();
  for (let begin = 0; begin + length <= code.length; begin++) {
    let hash = 0;
    for (let at = begin; at < begin + length; at++) hash = Math.imul(hash, 0x01000193) ^ code[at];
    found.add((Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 4) % entries);
  }
  return Uint32Array.from(found);
}

function compressed(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}
