// The functions of a wasm module, taken apart and put together in another order: of their code, only what refers to
// functions is understood. Knows the instructions that our modules are compiled to, and throws at any other.

/**
 * `{ head, imported, sections, functions, exports, elements }` of a module. The body of a function is a list: bytes, and a
 * number where a call names the function of that index.
 */
export function readModule(bytes) {
  const reader = new Reader(bytes, 8);
  const module = { head: bytes.subarray(0, 8), imported: 0, sections: [] };
  let types = [];
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    module.sections.push({ id, bytes: bytes.subarray(reader.at, end) });
    // A custom section may name functions by index, a start section does.
    if (id === 0 || id === 8) throw new Error(`section ${id}: functions cannot be put in order`);
    if (id === 2) module.imported = reader.list(() => skipImport(reader)).length;
    if (id === 3) types = reader.list(() => reader.number());
    if (id === 7) module.exports = reader.list(() => readExport(reader));
    if (id === 9) module.elements = reader.list(() => readElements(reader));
    if (id === 10)
      module.functions = reader.list((index) => ({ type: types[index], body: readBody(reader) }));
    reader.at = end;
  }
  return module;
}

/** The bytes of `module` with its functions in `order`, a list of their present places among those that are not imported. */
export function writeModule(module, order) {
  const { imported, functions, exports, elements } = module;
  const moved = new Map(order.map((place, index) => [imported + place, imported + index]));
  const index = (old) => number(moved.get(old) ?? old);
  const sized = (bytes) => Buffer.concat([number(bytes.length), bytes]);
  const rewritten = {
    3: () => order.map((place) => number(functions[place].type)),
    7: () =>
      exports.flatMap(({ name, isFunction, at }) => [name, isFunction ? index(at) : number(at)]),
    9: () =>
      elements.flatMap(({ start, indices }) => [
        start,
        number(indices.length),
        ...indices.map(index),
      ]),
    10: () => order.map((place) => sized(functionBytes(functions[place], index))),
  };
  const counts = { 3: order, 7: exports, 9: elements, 10: order };
  const sections = module.sections.flatMap(({ id, bytes }) => [
    number(id),
    sized(id in rewritten ? Buffer.concat([number(counts[id].length), ...rewritten[id]()]) : bytes),
  ]);
  return Buffer.concat([module.head, ...sections]);
}

/** The code of a function, with its calls written by `index`. */
export function functionBytes({ body }, index = number) {
  return Buffer.concat(body.map((piece) => (typeof piece === "number" ? index(piece) : piece)));
}

/** Unsigned LEB128. */
function number(value) {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  list(readItem) {
    return Array.from({ length: this.number() }, (_, index) => readItem(index));
  }

  /** Passes over `count` numbers, whatever their sign and width. */
  skip(count) {
    for (; count > 0; count--) while (this.byte() > 127);
  }

  /** The bytes since `begin`. */
  since(begin) {
    return this.bytes.subarray(begin, this.at);
  }
}

function skipName(reader) {
  const length = reader.number();
  reader.at += length;
}

function skipImport(reader) {
  skipName(reader);
  skipName(reader);
  if (reader.byte() !== 0) throw new Error("an import is no function");
  reader.skip(1);
}

function readExport(reader) {
  const begin = reader.at;
  skipName(reader);
  const isFunction = reader.byte() === 0;
  return { name: reader.since(begin), isFunction, at: reader.number() };
}

/** Functions of the first table, from a constant place on. */
function readElements(reader) {
  const begin = reader.at;
  const isPlain = reader.number() === 0 && reader.byte() === 0x41;
  reader.skip(1);
  if (!isPlain || reader.byte() !== 0x0b) throw new Error("elements of another form");
  return { start: reader.since(begin), indices: reader.list(() => reader.number()) };
}

function readBody(reader) {
  const size = reader.number();
  const end = reader.at + size;
  let begin = reader.at;
  const body = [];
  reader.list(() => reader.skip(2));
  while (reader.at < end) {
    const code = reader.byte();
    if (code === 0x10) {
      body.push(reader.since(begin), reader.number());
      begin = reader.at;
    } else skipOperands(reader, code);
  }
  if (reader.at !== end) throw new Error("a function ends within an instruction");
  return [...body, reader.since(begin)];
}

function skipOperands(reader, code) {
  if (code === 0xfc) return skipBulk(reader, reader.number());
  if (code === 0xfd) return skipVector(reader, reader.number());
  if (code > 0xc4 || (code > 0x11 && code < 0x1a) || code === 0x1c)
    throw new Error(`instruction ${code.toString(16)} is unknown`);
  if (code === 0x43) reader.at += 4;
  else if (code === 0x44) reader.at += 8;
  else if (code === 0x0e) reader.skip(reader.number() + 1);
  else if (code === 0x11 || (code >= 0x28 && code <= 0x3e)) reader.skip(2);
  else if (
    (code >= 0x02 && code <= 0x04) ||
    (code >= 0x0c && code <= 0x0d) ||
    (code >= 0x20 && code <= 0x24) ||
    (code >= 0x3f && code <= 0x42)
  )
    reader.skip(1);
}

/** Conversions that saturate have no operands, memory.copy two and memory.fill one. */
function skipBulk(reader, code) {
  if (code > 11 || code === 8 || code === 9) throw new Error(`instruction fc ${code} is unknown`);
  reader.skip(code === 10 ? 2 : code === 11 ? 1 : 0);
}

function skipVector(reader, code) {
  if (code > 0xff) throw new Error(`instruction fd ${code} is unknown`);
  if (code <= 11 || code === 92 || code === 93) reader.skip(2);
  else if (code === 12 || code === 13) reader.at += 16;
  else if (code >= 21 && code <= 34) reader.at += 1;
  else if (code >= 84 && code <= 91) {
    reader.skip(2);
    reader.at += 1;
  }
}
