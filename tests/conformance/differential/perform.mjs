// Makes the calls of calls.mjs on bindings, in workerd as in Node, and answers of each what can be compared.

/**
 * Makes `calls` one after the other. `bindings` are `{ KV, FILES, DB, cache }`; `uploads` is a map that is kept from batch to batch.
 * What is answered survives JSON.
 */
export async function performAll(bindings, uploads, calls) {
  const outcomes = [];
  for (const call of calls) outcomes.push(await perform(bindings, uploads, call));
  return outcomes;
}

async function perform(bindings, uploads, [what, ...given]) {
  try {
    const outcome = await performers[what]({ ...bindings, uploads }, ...given.map(valueOf));
    return plain(outcome);
  } catch (error) {
    return `${error.constructor.name}: ${error.message}`;
  }
}

/** What a call names as data, `{ is: … }`, and null where JSON has left out undefined: as the value itself. */
function valueOf(given) {
  if (Array.isArray(given)) return given.map(valueOf);
  if (given === null || typeof given !== "object") return given;
  switch (given.is) {
    case undefined:
      return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, valueOf(one)]));
    case "undefined":
      return undefined;
    case "number":
      return Number(given.text);
    case "date":
      return new Date(given.text);
    case "headers":
      return new Headers(given.pairs);
    case "bytes":
      return new Uint8Array(given.length).fill(65).buffer;
    case "view":
      return new Uint8Array(given.length + 2).fill(66).subarray(1, given.length + 1);
    case "stream":
      return new Response(given.text).body;
    default:
      return new Blob([given.text]).stream().pipeThrough(new TransformStream());
  }
}

/** With what JSON has no words for named, and without members that are undefined, which mean nothing. */
function plain(value) {
  if (value === undefined) return { is: "undefined" };
  if (typeof value === "number" && !Number.isFinite(value)) return { is: String(value) };
  if (value instanceof Date) return { is: "date", text: value.toISOString() };
  if (value instanceof Map) return { is: "map", entries: plain([...value]) };
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(members.map(([name, one]) => [name, plain(one)]));
}

const performers = {
  "kv.put": ({ KV }, key, value, options) => KV.put(key, value, options),
  "kv.get": async ({ KV }, key, options) => {
    const { value, metadata, ...rest } = await KV.getWithMetadata(key, options);
    const isText = value === null || typeof value === "string" || options.type === "json";
    return [isText ? value : await new Response(value).text(), metadata, rest];
  },
  "kv.many": async ({ KV }, keys, type) => [
    await KV.get(keys, type),
    await KV.getWithMetadata(keys, type),
  ],
  "kv.delete": ({ KV }, key) => KV.delete(key),
  "kv.list": ({ KV }, options, more) =>
    pages(more, options, async (asked) => {
      const { keys, list_complete: complete, cursor, ...rest } = await KV.list(asked);
      return { shown: [keys.map(listed), complete, rest], cursor };
    }),

  "r2.put": async ({ FILES }, key, value, options) => object(await FILES.put(key, value, options)),
  "r2.get": async ({ FILES }, key, options) => {
    const found = await FILES.get(key, options);
    if (found === null) return null;
    return [object(found), typeof found.text === "function" ? await found.text() : "condition"];
  },
  "r2.head": async ({ FILES }, key) => object(await FILES.head(key)),
  "r2.delete": ({ FILES }, keys) => FILES.delete(keys),
  "r2.list": ({ FILES }, options, more) =>
    pages(more, options, async (asked) => {
      const { objects, cursor, ...rest } = await FILES.list(asked);
      return { shown: [objects.map(object), rest], cursor };
    }),
  "r2.upload": async ({ FILES, uploads }, slot, key, options) => {
    const { uploadId } = await FILES.createMultipartUpload(key, options);
    uploads.set(slot, { key, uploadId, etags: new Map() });
  },
  "r2.part": async (from, slot, partNumber, value) => {
    const { upload, etags } = uploadOf(from, slot);
    const part = await upload.uploadPart(partNumber, value);
    etags.set(part.partNumber, part.etag);
    return part.partNumber;
  },
  "r2.complete": async (from, slot, parts) => {
    const { upload, etags } = uploadOf(from, slot);
    const named = parts.map(({ part, known }) => ({
      partNumber: part,
      etag: (known ? etags.get(part) : undefined) ?? "never given",
    }));
    return object(await upload.complete(named));
  },
  "r2.abort": (from, slot) => uploadOf(from, slot).upload.abort(),

  "d1.all": async ({ DB }, sql, given) => told(await bound(DB, sql, given).all()),
  "d1.read": async ({ DB }, sql, [how, ...given]) => {
    const found = await DB.prepare(sql)[how](...given);
    return how === "run" ? told(found) : found;
  },
  "d1.batch": async ({ DB }, statements) => {
    const answers = await DB.batch(statements.map(([sql, given]) => bound(DB, sql, given)));
    return answers.map(told);
  },
  "d1.exec": async ({ DB }, sql) => (await DB.exec(sql)).count,

  "cache.put": ({ cache }, request, { status, body, headers }) =>
    cache.put(asked(request), new Response(status === 204 ? null : body, { status, headers })),
  "cache.match": async ({ cache }, request, options) => {
    const found = await cache.match(asked(request), options);
    if (found === undefined) return undefined;
    const headers = new Map(found.headers);
    const [, boundary] = /boundary=(.+)$/.exec(headers.get("content-type") ?? "") ?? [];
    const text = await found.text();
    const same = (from) => (boundary === undefined ? from : from.replaceAll(boundary, "boundary"));
    return [found.status, [...headers].map(([name, value]) => [name, same(value)]), same(text)];
  },
  "cache.delete": ({ cache }, request, options) => cache.delete(asked(request), options),
};

/** The first pages of a list: as many as there are, and at most `more` behind the first. */
async function pages(more, options, list) {
  const shown = [];
  let next = {};
  for (let page = 0; page <= more; page += 1) {
    const found = await list({ ...options, ...next });
    shown.push(found.shown, found.cursor === undefined);
    if (found.cursor === undefined) break;
    next = { cursor: found.cursor };
  }
  return shown;
}

/** A key of a KV list; its deadline, which is another for each side by some seconds, in tens of minutes from now. */
function listed({ name, metadata, expiration, ...rest }) {
  const minutes = expiration === undefined ? undefined : (expiration - Date.now() / 1000) / 60;
  return [name, metadata, expiration > 2.1e9 ? expiration : Math.round(minutes / 10), rest];
}

function object(found) {
  if (found === null) return null;
  const { key, size, etag, httpEtag, range } = found;
  return {
    ...{ key, size, etag, httpEtag, range },
    // docs/local.md: "Storage class".
    storageClass: found.storageClass || "Standard",
    custom: found.customMetadata,
    http: found.httpMetadata,
    sums: found.checksums.toJSON(),
    version: /^[0-9a-f]{32}$/.test(found.version),
    uploaded: Math.abs(found.uploaded - Date.now()) < 3_600_000,
  };
}

function uploadOf({ FILES, uploads }, slot) {
  const { key, uploadId, etags } = uploads.get(slot) ?? {
    key: "none",
    uploadId: "none",
    etags: new Map(),
  };
  return { upload: FILES.resumeMultipartUpload(key, uploadId), etags };
}

function bound(DB, sql, given) {
  const statement = DB.prepare(sql);
  return given.length === 0 ? statement : statement.bind(...given);
}

function told({ success, results, meta }) {
  const { changes, last_row_id: row, changed_db: changed } = meta;
  return [success, results.map((one) => Object.entries(one)), changes, row, changed];
}

function asked({ url, method, headers }) {
  return new Request(url, { method, headers });
}
