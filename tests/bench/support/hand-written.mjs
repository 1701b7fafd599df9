// The same routes as the benchmark's project, as one would write them by hand: no framework, plain SQL.

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isDate = (value) =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(value) &&
  !Number.isNaN(Date.parse(value));
/** Dates are stored as they are answered. */
const stored = (date) => (date === null ? null : new Date(date).toISOString());
const refuse = (message) => new Response(message, { status: 400 });

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/api/Shop/total" && request.method === "POST") return total(request);
    if (url.pathname === "/api/Author/get" && request.method === "GET") return get(url, env.db);
    if (url.pathname === "/api/Author/list" && request.method === "GET") return list(env.db);
    if (url.pathname === "/api/Author/save" && request.method === "POST")
      return save(request, env.db);
    if (url.pathname === "/api/Desk/quote" && request.method === "GET") return quote(url, env);
    if (url.pathname === "/api/Profile/get" && request.method === "GET") return profile(url, env);
    if (url.pathname === "/api/Files/describe" && request.method === "POST")
      return describe(request);
    return new Response("not found", { status: 404 });
  },
};

function validItem(item) {
  return (
    isRecord(item) &&
    typeof item.sku === "string" &&
    Number.isSafeInteger(item.quantity) &&
    typeof item.price === "number" &&
    Object.keys(item).length === 3
  );
}

async function total(request) {
  let body;
  try {
    body = await request.json();
  } catch {
    return refuse("malformed JSON");
  }
  const order = body?.order;
  if (
    !isRecord(order) ||
    typeof order.customer !== "string" ||
    typeof order.email !== "string" ||
    !isDate(order.placed) ||
    typeof order.express !== "boolean" ||
    !(order.note === null || typeof order.note === "string") ||
    !Array.isArray(order.items) ||
    !order.items.every(validItem)
  )
    return refuse("not an order");
  let sum = order.express ? 5 : 0;
  for (const item of order.items) sum += item.quantity * item.price;
  return Response.json(Math.round(sum * 100) / 100);
}

class Prices {
  constructor(env) {
    this.env = env;
  }
  of(sku, count) {
    return `${(1 + (sku.length % 7)) * count} ${this.env.currency}`;
  }
}

class Desk {
  constructor(prices) {
    this.prices = prices;
  }
  quote(sku, count) {
    return this.prices.of(sku, count);
  }
}

function quote(url, env) {
  const sku = url.searchParams.get("sku");
  const count = url.searchParams.get("count");
  if (sku === null) return refuse("sku is missing");
  if (count === null || !/^-?\d+$/.test(count) || !Number.isSafeInteger(Number(count)))
    return refuse("count is an integer");
  return Response.json(new Desk(new Prices(env)).quote(sku, Number(count)));
}

const authorById = "SELECT id, name, city, born FROM Author WHERE id = ?";
const booksOf = "SELECT id, title, pages, price, authorId FROM Book WHERE authorId = ?";
const awardsOf = "SELECT id, title, year, authorId FROM Award WHERE authorId = ?";

async function get(url, db) {
  const id = Number(url.searchParams.get("id"));
  if (!Number.isSafeInteger(id)) return refuse("id is an integer");
  if (url.searchParams.get("__datasource") === "all") {
    const [authors, books, awards] = await db.batch([
      db.prepare(authorById).bind(id),
      db.prepare(booksOf).bind(id),
      db.prepare(awardsOf).bind(id),
    ]);
    const author = authors.results[0];
    if (author === undefined) return new Response("not found", { status: 404 });
    return Response.json({ ...author, books: books.results, awards: awards.results });
  }
  const { results } = await db.prepare(authorById).bind(id).all();
  if (results[0] === undefined) return new Response("not found", { status: 404 });
  return Response.json(results[0]);
}

const factNames = Array.from(
  { length: 20 },
  (_, index) => `f${String(index + 1).padStart(2, "0")}`,
);

async function profile(url, env) {
  const id = Number(url.searchParams.get("id"));
  if (!Number.isSafeInteger(id)) return refuse("id is an integer");
  const keys = factNames.map((name) => `profiles/${id}/${name}`);
  const [row, facts] = await Promise.all([
    env.db.prepare("SELECT id, name FROM Profile WHERE id = ?").bind(id).first(),
    env.facts.getWithMetadata(keys, "text"),
  ]);
  if (row === null) return new Response("not found", { status: 404 });
  factNames.forEach((name, index) => {
    const key = keys[index];
    const entry = facts.get(key);
    row[name] = entry ? { key, value: entry.value, metadata: entry.metadata } : null;
  });
  return Response.json(row);
}

async function list(db) {
  const [authors, books, awards] = await db.batch([
    db.prepare("SELECT id, name, city, born FROM Author"),
    db.prepare("SELECT id, title, pages, price, authorId FROM Book"),
    db.prepare("SELECT id, title, year, authorId FROM Award"),
  ]);
  const byId = new Map();
  for (const author of authors.results) {
    author.books = [];
    author.awards = [];
    byId.set(author.id, author);
  }
  for (const book of books.results) byId.get(book.authorId)?.books.push(book);
  for (const award of awards.results) byId.get(award.authorId)?.awards.push(award);
  return Response.json(authors.results);
}

function validBook(book) {
  return (
    isRecord(book) &&
    Number.isSafeInteger(book.id) &&
    typeof book.title === "string" &&
    Number.isSafeInteger(book.pages) &&
    typeof book.price === "number"
  );
}

const upsertAuthor =
  "INSERT INTO Author (id, name, city, born) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name, city = excluded.city, born = excluded.born";
const upsertBook =
  "INSERT INTO Book (id, title, pages, price, authorId) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title, pages = excluded.pages, price = excluded.price, authorId = excluded.authorId";

async function save(request, db) {
  let body;
  try {
    body = await request.json();
  } catch {
    return refuse("malformed JSON");
  }
  const author = body?.model;
  if (
    !isRecord(author) ||
    !Number.isSafeInteger(author.id) ||
    typeof author.name !== "string" ||
    typeof author.city !== "string" ||
    !(author.born === null || isDate(author.born)) ||
    !Array.isArray(author.books) ||
    !author.books.every(validBook)
  )
    return refuse("not an author");
  const results = await db.batch([
    db.prepare(upsertAuthor).bind(author.id, author.name, author.city, stored(author.born)),
    ...author.books.map((book) =>
      db.prepare(upsertBook).bind(book.id, book.title, book.pages, book.price, author.id),
    ),
    db.prepare(authorById).bind(author.id),
    db.prepare(booksOf).bind(author.id),
  ]);
  const [saved, books] = results.slice(-2);
  return Response.json({ ...saved.results[0], books: books.results });
}

async function describe(request) {
  let form;
  let picture;
  try {
    form = await request.formData();
    picture = JSON.parse(form.get("json"))?.picture;
  } catch {
    return refuse("malformed form");
  }
  const file = form.get("blob");
  if (
    !isRecord(picture) ||
    typeof picture.title !== "string" ||
    !Number.isSafeInteger(picture.width) ||
    !Array.isArray(picture.tags) ||
    !picture.tags.every((tag) => typeof tag === "string") ||
    !(file instanceof File)
  )
    return refuse("not a picture");
  const pixels = new Uint8Array(await file.arrayBuffer());
  return Response.json(
    `${picture.title} ${picture.width} ${picture.tags.length} ${pixels.byteLength}`,
  );
}
