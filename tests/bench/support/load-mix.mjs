// What the load sends: good requests and hostile ones in a seeded mix, each with what its answer must be.

import assert from "node:assert/strict";
import { orderBody } from "./bench-project.mjs";

// The authors of the library: the first are only read, some are saved in part, the last are saved whole.
const read = { first: 1, last: 40 };
const touched = { first: 41, last: 60 };
const rewritten = { first: 61, last: 100 };
const born = "1815-12-10T00:00:00.000Z";
const mostJson = 4 * 1024 * 1024;

/** Pseudorandom numbers from 0 to 1 out of a seed (xorshift). */
export function randomOf(seed) {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

// Requests as they go over the wire

function rawRequest(method, target, headers = "", body = "") {
  const length =
    body === "" && method !== "POST" ? "" : `content-length: ${Buffer.byteLength(body)}\r\n`;
  const head = `${method} ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}${length}\r\n`;
  return typeof body === "string"
    ? Buffer.from(head + body)
    : Buffer.concat([Buffer.from(head), body]);
}

const jsonType = "content-type: application/json\r\n";

const get = (target) => rawRequest("GET", target);
const post = (target, body, headers = jsonType) => rawRequest("POST", target, headers, body);

const ok = (bytes, value) => ({ bytes, status: 200, value });
const refused = (bytes, status, code) => ({ bytes, status, code });

// What the library holds

const numbered = (count, make) => Array.from({ length: count }, (_, index) => make(index));

function booksOf(author, title = (id) => `The title of book ${id}`) {
  return numbered(5, (index) => {
    const id = (author - 1) * 5 + index + 1;
    return { id, title: title(id), pages: 200 + (id % 300), price: 12.5 + id, authorId: author };
  });
}

function awardsOf(author) {
  return numbered(5, (index) => {
    const id = (author - 1) * 5 + index + 1;
    return { id, title: `Award ${id}`, year: 1900 + (id % 100), authorId: author };
  });
}

function authorOf(id, withChildren) {
  const row = { id, name: `Author ${id}`, city: "London", born };
  return withChildren
    ? { ...row, books: booksOf(id), awards: awardsOf(id) }
    : { ...row, books: [], awards: [] };
}

function listOf(count, withChildren) {
  return numbered(count, (index) => authorOf(index + 1, withChildren));
}

// Good requests. `turn` is { random, number }: a number that no other request of the run has.

const between = ({ first, last }, { random }) => first + Math.floor(random() * (last - first + 1));
const pick = (list, { random }) => list[Math.floor(random() * list.length)];

/** Requests that are always the same are made once, and so is the comparison of what they are answered. */
function fixed(requests) {
  for (const request of requests) request.kept = true;
  return (turn) => pick(requests, turn);
}

const range = ({ first, last }) => numbered(last - first + 1, (index) => first + index);

const texts = [
  "Ada Lovelace",
  "Robert'); DROP TABLE Author;--",
  'quote " backslash \\ slash /',
  "Zoë 日本 🚀 \u0001\u0000",
  "x".repeat(2000),
  "",
];

function saveNew(turn) {
  const row = { name: pick(texts, turn), city: `City ${turn.number}`, born: null };
  return {
    bytes: post("/api/Author/save?__datasource=none", JSON.stringify({ model: row })),
    status: 200,
    saves: true,
    test: ({ id, ...others }) => {
      assert.ok(id > rewritten.last);
      assert.deepEqual(others, { ...row, books: [], awards: [] });
    },
  };
}

function saveNewWithBooks(turn) {
  const row = { name: `New ${turn.number}`, city: pick(texts, turn), born };
  const books = numbered(3, (index) => ({
    title: `Book ${index} of ${turn.number}`,
    pages: index,
    price: 0.5 + index,
  }));
  return {
    bytes: post(
      "/api/Author/save?__datasource=shelf",
      JSON.stringify({ model: { ...row, books } }),
    ),
    status: 200,
    saves: true,
    books: books.length,
    test: ({ id, ...others }) => {
      assert.ok(id > rewritten.last);
      const read = others.books.map(({ id: book, ...values }) => {
        assert.ok(book > rewritten.last * 5);
        return values;
      });
      const sent = books.map((book) => ({ ...book, authorId: id }));
      assert.deepEqual({ ...others, books: read }, { ...row, books: sent, awards: [] });
    },
  };
}

/** An author and the five books, all with the number of their save in their names. */
function saveWhole(turn) {
  const id = between(rewritten, turn);
  const books = booksOf(id, (book) => `Book ${book} v${turn.number}`);
  const row = { id, name: `Author ${id} v${turn.number}`, city: "Paris", born };
  return ok(
    post("/api/Author/save?__datasource=shelf", JSON.stringify({ model: { ...row, books } })),
    { ...row, books, awards: [] },
  );
}

/** Whatever save came last, author and books are of the same one. */
function readWhole(turn) {
  const id = between(rewritten, turn);
  return {
    bytes: get(`/api/Author/get?id=${id}&__datasource=shelf`),
    status: 200,
    test: (author) => {
      const [, version] = /^Author \d+(?: v(\d+))?$/.exec(author.name);
      const title = version === undefined ? undefined : (book) => `Book ${book} v${version}`;
      assert.deepEqual(author.books, booksOf(id, title));
    },
  };
}

function savePart(turn) {
  const id = between(touched, turn);
  const city = `City v${turn.number}`;
  return {
    bytes: post("/api/Author/save?__datasource=none", JSON.stringify({ model: { id, city } })),
    status: 200,
    test: (author) => assert.deepEqual(author, { ...authorOf(id, false), city }),
  };
}

const round = (sum) => Math.round(sum * 100) / 100;

function order(count) {
  const text = orderBody(count);
  const sum = JSON.parse(text).order.items.reduce(
    (total, { quantity, price }) => total + quantity * price,
    5,
  );
  return ok(post("/api/Shop/total", text), round(sum));
}

function quote(turn) {
  const sku = `SKU-${turn.number % 1000}`;
  const count = turn.number % 7;
  return ok(
    get(`/api/Desk/quote?sku=${sku}&count=${count}`),
    `${(1 + (sku.length % 7)) * count} EUR`,
  );
}

function ping(turn) {
  return ok(get(`/api/Shop/ping?count=${turn.number}`), turn.number + 1);
}

// Hostile requests

const total = (body, headers) => post("/api/Shop/total", body, headers);
const save = (body) => post("/api/Author/save?__datasource=none", body);
const orderWith = (change) => {
  const body = JSON.parse(orderBody(2));
  change(body.order, body);
  return JSON.stringify(body);
};
const one = "/api/Author/get?__datasource=none&id=";
const page = "/api/Author/list?__datasource=none&limit=";
const text = orderBody(2);
const deep = (depth) => "[".repeat(depth) + "]".repeat(depth);
const deepObjects = (depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const notUtf8 = Buffer.concat([
  Buffer.from(text.slice(0, text.indexOf("Ada"))),
  Buffer.from([0xff, 0xc3, 0x28]),
  Buffer.from(text.slice(text.indexOf("Ada"))),
]);

const noRoute = [
  get("/"),
  get("/favicon.ico"),
  get("/api"),
  get("/api/"),
  get("/api/Author"),
  get("/api/Author/nothing"),
  get("/api/Nobody/get?id=1"),
  get("/api/author/get?id=1"),
  get("/api/Author/get/?id=1"),
  get("/api//Author/get?id=1"),
  get("/api/Author/__proto__"),
  get("/api/constructor/get"),
  get("/.env"),
  post("/api/Author/1/save", "{}"),
].map((bytes) => refused(bytes, 404, 1001));

const noRow = [
  refused(get(`${one}999999999`), 404, 1301),
  refused(get(`${one}-1`), 404, 1301),
  refused(get(`${one}9007199254740991`), 404, 1301),
  refused(save('{"model":{"id":999999999,"city":"nowhere"}}'), 404, 1301),
];

const wrongTypes = [
  refused(get(`${one}abc`), 400, 1204),
  refused(get(`${one}1.5`), 400, 1204),
  refused(get(`${one}1e3`), 400, 1204),
  refused(get(`${one}%221%22`), 400, 1204),
  refused(get(`${one}null`), 400, 1204),
  refused(get(`${one}`), 400, 1204),
  refused(get(`${one}1%20OR%201=1`), 400, 1204),
  refused(get(`${one}99999999999999999999`), 400, 1205),
  refused(get("/api/Author/get?__datasource=none"), 400, 1202),
  refused(get("/api/Author/get?id=1&__datasource=nobody"), 400, 1209),
  refused(get(`${page}0`), 400, 1210),
  refused(get(`${page}-1`), 400, 1210),
  refused(get(`${page}100000`), 400, 1210),
  refused(total(orderWith((value) => (value.customer = 5))), 400, 1204),
  refused(total(orderWith((value) => (value.placed = "2026-02-30"))), 400, 1206),
  refused(total(orderWith((value) => (value.placed = "yesterday"))), 400, 1206),
  refused(total(orderWith((value) => (value.express = "true"))), 400, 1204),
  refused(total(orderWith((value) => (value.items = {}))), 400, 1204),
  refused(total(orderWith((value) => (value.items[1].quantity = 1.5))), 400, 1204),
  refused(total(orderWith((value) => (value.items[1] = null))), 400, 1204),
  refused(total(orderWith((value) => delete value.email)), 400, 1202),
  refused(total('{"order":null}'), 400, 1204),
  refused(total("{}"), 400, 1202),
  refused(save('{"model":{"name":5,"city":"c"}}'), 400, 1204),
  refused(save('{"model":{"id":"1; DROP TABLE Author","name":"n","city":"c"}}'), 400, 1204),
  refused(save('{"model":{"name":"n","city":"c","born":"1815-13-01"}}'), 400, 1206),
  refused(save('{"model":{"name":"n","city":"c","books":[7]}}'), 400, 1204),
];

const malformedJson = [
  refused(total(""), 400, 1103),
  ...[
    "{",
    '{"order":',
    text.slice(0, -1),
    text.slice(0, text.length >> 1),
    `${text}}`,
    text.replace(/"/g, "'"),
    text.replace(/\}\]/, "},]"),
    text.replace("true", "NaN"),
    text.replace("Ada", "\u0000"),
    text.replace("Ada", "\\x"),
    "nul",
    "<order/>",
    "order=1",
    notUtf8,
    Buffer.from([0xff, 0xfe, 0x7b, 0x00]),
    "\u0000".repeat(1000),
  ].map((body) => refused(total(body), 400, 1104)),
  refused(total("[]"), 400),
  refused(total("7"), 400),
];

const unknownParameters = [
  refused(get(`${one}1&x=1`), 400, 1201),
  refused(get(`${one}1&ID=1`), 400, 1201),
  refused(get(`${one}1&constructor=1`), 400, 1201),
  refused(get(`${one}1&__proto__=1`), 400, 1208),
  refused(get("/api/Shop/ping?count=1&env=1"), 400, 1201),
  refused(post("/api/Shop/total?x=1", text), 400, 1201),
  refused(total(orderWith((_, body) => (body.x = 1))), 400, 1201),
  refused(total(orderWith((value) => (value.admin = true))), 400, 1201),
  refused(total(orderWith((value) => (value.items[0].cost = 1))), 400, 1201),
  refused(save('{"model":{"name":"n","city":"c","__proto__":{"admin":1}}}'), 400, 1208),
  refused(save('{"model":{"name":"n","city":"c","rowid":1}}'), 400, 1201),
  refused(get(`${one}1${numbered(300, (index) => `&p${index}=1`).join("")}`), 400),
];

const mediaTypes = [
  "",
  "content-type: text/plain\r\n",
  "content-type: text/html\r\n",
  "content-type: application/xml\r\n",
  "content-type: application/x-www-form-urlencoded\r\n",
  "content-type: application/json; charset=latin1\r\n",
  "content-type: application/jsonp\r\n",
  "content-type: multipart/form-data; boundary=x\r\n",
  `content-type: ${"a".repeat(5000)}\r\n`,
  "content-type: /\r\n",
].map((type) => ({ ...refused(total(text, type), 415, 1101), header: "accept: application/json" }));

const malformedUrls = [
  refused(get(`${one}%`), 400, 1003),
  refused(get(`${one}%zz`), 400, 1003),
  refused(get(`${one}%C3%28`), 400, 1003),
  refused(get(`${one}%FF`), 400, 1003),
  refused(get("/api/%zz/get?id=1"), 400, 1003),
  refused(get("/api/Author/%E0%A4%A"), 400, 1003),
  refused(get(`${one}${"1".repeat(17_000)}`), 400, 1003),
  refused(get(`/api/${"a".repeat(17_000)}`), 400, 1003),
];

const wrongMethods = [
  ["DELETE", "/api/Author/get?id=1", "GET"],
  ["PUT", "/api/Author/get?id=1", "GET"],
  ["POST", "/api/Author/list", "GET"],
  ["OPTIONS", "/api/Author/get?id=1", "GET"],
  ["HEAD", "/api/Author/get?id=1", "GET"],
  ["GET", "/api/Author/save", "POST"],
  ["PATCH", "/api/Author/save", "POST"],
  ["DELETE", "/api/Shop/total", "POST"],
].map(([method, target, allow]) => ({
  ...refused(rawRequest(method, target), 405, method === "HEAD" ? undefined : 1002),
  bodiless: method === "HEAD",
  header: `allow: ${allow}`,
}));

const hostileNesting = [
  refused(total(`{"order":${deep(70)}}`), 400),
  refused(total(deep(50_000)), 400),
  refused(total("[".repeat(100_000)), 400),
  refused(total(`{"order":${deepObjects(20_000)}}`), 400),
  refused(save(`{"model":{"name":${deep(1000)}}}`), 400),
  refused(save(`{"model":${'{"books":['.repeat(200)}`), 400),
];

const duplicates = [
  refused(get(`${one}1&id=2`), 400, 1203),
  refused(get(`${one}1&id=1`), 400, 1203),
  refused(get(`${one}1&%69d=1`), 400, 1203),
  refused(get("/api/Shop/ping?count=1&count=1"), 400, 1203),
  // JSON.parse takes the last one.
  { ...refused(total(`{"order":{},${text.slice(1)}`), 400), byHand: 200 },
  { ...refused(total(text.replace('"email"', '"customer":"x","email"')), 400, 1203), byHand: 200 },
];

const notGranted = [
  refused(
    save('{"model":{"name":"n","city":"c","awards":[{"title":"self-made","year":2026}]}}'),
    403,
    1211,
  ),
  refused(
    save(
      '{"model":{"id":61,"city":"Rome","books":[{"id":1,"title":"taken","pages":1,"price":1}]}}',
    ),
    403,
    1211,
  ),
];

const oversized = () => {
  const body = Buffer.alloc(mostJson + 1, " ");
  body.write(text);
  const chunked = Buffer.concat([
    Buffer.from(
      `POST /api/Shop/total HTTP/1.1\r\nhost: 127.0.0.1\r\n${jsonType}transfer-encoding: chunked\r\n\r\n`,
    ),
    Buffer.from(`${body.length.toString(16)}\r\n`),
    body,
    Buffer.from("\r\n0\r\n\r\n"),
  ]);
  return [
    refused(total(body), 413, 1102),
    refused(save(body), 413, 1102),
    refused(chunked, 413, 1102),
  ];
};

/** Each kind with how many of a thousand requests are of it. */
export const kinds = [
  {
    name: "one row",
    of1000: 150,
    make: fixed(range(read).map((id) => ok(get(`${one}${id}`), authorOf(id, false)))),
  },
  {
    name: "a row with 5 + 5 children",
    of1000: 120,
    make: fixed(
      range(read).map((id) =>
        ok(get(`/api/Author/get?id=${id}&__datasource=all`), authorOf(id, true)),
      ),
    ),
  },
  { name: "a row that others save, with children", of1000: 50, make: readWhole },
  { name: "20 rows", of1000: 80, make: fixed([ok(get(`${page}20`), listOf(20, false))]) },
  {
    name: "20 rows with 5 + 5 children",
    of1000: 40,
    make: fixed([ok(get("/api/Author/list?__datasource=all&limit=20"), listOf(20, true))]),
  },
  { name: "save of a new row", of1000: 40, make: saveNew },
  { name: "save of a new row with 3 children", of1000: 20, make: saveNewWithBooks },
  { name: "save of a changed row with 5 children", of1000: 50, make: saveWhole },
  { name: "save of a part of a row", of1000: 20, make: savePart },
  { name: "JSON method", of1000: 80, make: fixed([1, 8, 30].map(order)) },
  { name: "JSON method, 60 KB", of1000: 10, make: fixed([order(1000)]) },
  { name: "service", of1000: 20, make: quote },
  { name: "service without anything", of1000: 20, make: ping },
  { name: "no such route", of1000: 30, hostile: true, make: fixed(noRoute) },
  { name: "no such row", of1000: 30, hostile: true, make: fixed(noRow) },
  { name: "wrong types", of1000: 50, hostile: true, make: fixed(wrongTypes) },
  { name: "malformed JSON", of1000: 30, hostile: true, make: fixed(malformedJson) },
  { name: "body over the limit", of1000: 4, hostile: true, make: fixed(oversized()) },
  { name: "unknown parameters", of1000: 30, hostile: true, make: fixed(unknownParameters) },
  { name: "media types", of1000: 26, hostile: true, make: fixed(mediaTypes) },
  { name: "malformed URLs", of1000: 20, hostile: true, make: fixed(malformedUrls) },
  { name: "wrong methods", of1000: 30, hostile: true, make: fixed(wrongMethods) },
  { name: "hostile nesting", of1000: 20, hostile: true, make: fixed(hostileNesting) },
  { name: "given twice", of1000: 20, hostile: true, make: fixed(duplicates) },
  { name: "rows of others", of1000: 10, hostile: true, make: fixed(notGranted) },
];

const bag = kinds.flatMap((kind, index) => new Array(kind.of1000).fill(index));

/** The index of the kind that comes next. */
export function nextKind(random) {
  return bag[Math.floor(random() * bag.length)];
}

/**
 * What is wrong with `answer` to `request`, or null. `server` is { byHand, seen }: the peer's refusals have other texts, and
 * `seen` keeps the bodies that were found right.
 */
export function faultOf(answer, request, server) {
  const { byHand, seen } = server;
  const status = byHand ? (request.byHand ?? request.status) : request.status;
  if (answer.status !== status) return `status ${answer.status}, not ${status}`;
  if (
    request.header !== undefined &&
    !answer.head.toLowerCase().includes(`\r\n${request.header}`.toLowerCase())
  )
    return `no header ${request.header}`;
  if (status !== 200) {
    if (request.bodiless || byHand) return null;
    const begin = request.code === undefined ? /^CLO1\d\d\d: / : `CLO${request.code}: `;
    const said = answer.body.latin1Slice(0, 9);
    const right = typeof begin === "string" ? said === begin : begin.test(said);
    return right ? null : `not ${begin}`;
  }
  if (request.kept && seen.get(request)?.equals(answer.body)) return null;
  try {
    const value = JSON.parse(answer.body.toString());
    if (request.test !== undefined) request.test(value);
    else if (request.value !== undefined) {
      assert.deepEqual(value, request.value);
      if (request.kept) seen.set(request, Buffer.from(answer.body));
    }
    return null;
  } catch (error) {
    return error.message.split("\n").slice(0, 12).join(" ");
  }
}
