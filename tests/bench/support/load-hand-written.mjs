// The peer of the load: the routes that it asks of the benchmark's project, by hand. What callers send is checked as
// strictly as Cloesce checks it, since half of the mix is wrong on purpose: names, types, limits, media types, rows of
// others. Members that JSON repeats are not seen, because JSON.parse does not tell them.

const mostJson = 4 * 1024 * 1024;
const mostTarget = 16 * 1024;

class Refusal extends Error {
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

const wrong = (message) => new Refusal(400, message);

const routes = {
  "/api/Author/get": { GET: get },
  "/api/Author/list": { GET: list },
  "/api/Author/save": { POST: save },
  "/api/Desk/quote": { GET: quote },
  "/api/Shop/ping": { GET: ping },
  "/api/Shop/total": { POST: total },
};

export default {
  async fetch(request, env) {
    try {
      return await route(request, env);
    } catch (error) {
      if (error instanceof Refusal)
        return new Response(error.message, {
          status: error.status,
          headers: {
            ...error.headers,
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
          },
        });
      console.error(error);
      return new Response("internal error", { status: 500 });
    }
  },
};

function route(request, env) {
  if (request.url.length > mostTarget) throw wrong("the URL is too long");
  const url = new URL(request.url);
  if (url.pathname.includes("%")) expectUrl(url.pathname);
  const verbs = Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined;
  if (verbs === undefined) throw new Refusal(404, "no such route");
  const handle = verbs[request.method];
  if (handle === undefined)
    throw new Refusal(405, "method not allowed", { allow: Object.keys(verbs).join(", ") });
  return handle(request, env, url);
}

function expectUrl(text) {
  try {
    decodeURIComponent(text);
  } catch {
    throw wrong("malformed URL");
  }
}

function answer(value, headers = {}) {
  return Response.json(value, { headers: { ...headers, "x-content-type-options": "nosniff" } });
}

/** The query's parameters by name: known ones, each once. */
function parametersOf(url, names) {
  if (url.search.includes("%")) expectUrl(url.search);
  const parameters = {};
  for (const [name, value] of url.searchParams) {
    if (!names.includes(name)) throw wrong(`${name}: unknown parameter`);
    if (Object.hasOwn(parameters, name)) throw wrong(`${name}: given more than once`);
    parameters[name] = value;
  }
  return parameters;
}

function integerOf(text, name) {
  if (text === undefined || !/^-?(0|[1-9]\d*)$/.test(text)) throw wrong(`${name}: not an integer`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw wrong(`${name}: integer out of range`);
  return value;
}

const sources = ["none", "all", "shelf"];

function sourceOf({ __datasource: source = "none" }) {
  if (!sources.includes(source)) throw wrong("__datasource: unknown data source");
  return source;
}

const isJson = /^application\/(?:[\w.-]+\+)?json *(?:; *charset *= *"?utf-8"? *)?$/i;
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** The one parameter that the body brings. */
async function bodyOf(request, name) {
  if (!isJson.test(request.headers.get("content-type") ?? ""))
    throw new Refusal(415, "expected application/json", { accept: "application/json" });
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  const bytes = declared <= mostJson ? await request.arrayBuffer() : await counted(request);
  let body;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw wrong("malformed JSON");
  }
  if (!isRecord(body)) throw wrong("expected an object of parameters");
  expectMembers(body, [name], "");
  return body[name];
}

/** A body that does not say its length, or too much: what is over the limit is taken and dropped. */
async function counted(request) {
  const chunks = [];
  let total = 0;
  for await (const chunk of request.body ?? []) {
    total += chunk.length;
    if (total <= mostJson) chunks.push(chunk);
    else chunks.length = 0;
    if (total > 2 * mostJson) break;
  }
  if (total > mostJson) throw new Refusal(413, "the body is too large");
  return new Blob(chunks).arrayBuffer();
}

function expectMembers(value, names, path) {
  for (const name of Object.keys(value))
    if (!names.includes(name)) throw wrong(`${path}${name}: unknown`);
}

function expectText(value, path) {
  if (typeof value !== "string") throw wrong(`${path}: expected a text`);
}

function expectInteger(value, path) {
  if (!Number.isSafeInteger(value)) throw wrong(`${path}: expected an integer`);
}

function expectNumber(value, path) {
  if (typeof value !== "number" || !Number.isFinite(value))
    throw wrong(`${path}: expected a number`);
}

const dateForm =
  /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** As `Date.toJSON` writes it. */
function dateOf(value, path) {
  const parts = typeof value === "string" ? dateForm.exec(value) : null;
  const time = parts === null ? Number.NaN : Date.parse(value);
  if (Number.isNaN(time)) throw wrong(`${path}: expected a date`);
  if (Number(parts[3]) > new Date(Date.UTC(Number(parts[1]), Number(parts[2]), 0)).getUTCDate())
    throw wrong(`${path}: no such day`);
  return new Date(time).toISOString();
}

// Methods

const orderMembers = ["customer", "email", "placed", "express", "note", "items"];
const itemMembers = ["sku", "quantity", "price"];

async function total(request, _env, url) {
  parametersOf(url, ["__datasource"]);
  const order = await bodyOf(request, "order");
  if (!isRecord(order)) throw wrong("order: expected an object");
  expectMembers(order, orderMembers, "order.");
  expectText(order.customer, "order.customer");
  expectText(order.email, "order.email");
  dateOf(order.placed, "order.placed");
  if (typeof order.express !== "boolean") throw wrong("order.express: expected a boolean");
  if (order.note !== undefined && order.note !== null) expectText(order.note, "order.note");
  if (!Array.isArray(order.items)) throw wrong("order.items: expected a list");
  let sum = order.express ? 5 : 0;
  for (const item of order.items) {
    if (!isRecord(item)) throw wrong("order.items: expected objects");
    expectMembers(item, itemMembers, "order.items.");
    expectText(item.sku, "order.items.sku");
    expectInteger(item.quantity, "order.items.quantity");
    expectNumber(item.price, "order.items.price");
    sum += item.quantity * item.price;
  }
  return answer(Math.round(sum * 100) / 100);
}

function ping(_request, _env, url) {
  const { count } = parametersOf(url, ["count", "__datasource"]);
  return answer(integerOf(count, "count") + 1);
}

function quote(_request, env, url) {
  const { sku, count } = parametersOf(url, ["sku", "count", "__datasource"]);
  if (sku === undefined) throw wrong("sku: missing");
  return answer(`${(1 + (sku.length % 7)) * integerOf(count, "count")} ${env.currency}`);
}

// Reading

const authorColumns = "id, name, city, born";
const bookColumns = "id, title, pages, price, authorId";
const awardColumns = "id, title, year, authorId";
const authorById = `SELECT ${authorColumns} FROM Author WHERE id = ?`;
const booksOf = `SELECT ${bookColumns} FROM Book WHERE authorId = ? ORDER BY id`;
const awardsOf = `SELECT ${awardColumns} FROM Award WHERE authorId = ? ORDER BY id`;

async function get(_request, { db }, url) {
  const parameters = parametersOf(url, ["id", "__datasource"]);
  const source = sourceOf(parameters);
  const id = integerOf(parameters.id, "id");
  const statements = [db.prepare(authorById).bind(id)];
  if (source !== "none") statements.push(db.prepare(booksOf).bind(id));
  if (source === "all") statements.push(db.prepare(awardsOf).bind(id));
  return answer(authorOf(await rowsOf(db, statements)));
}

/** The rows of each statement, in one call. */
async function rowsOf(db, statements) {
  const results =
    statements.length === 1 ? [await statements[0].all()] : await db.batch(statements);
  return results.map(({ results: rows }) => rows);
}

function authorOf([authors, books = [], awards = []]) {
  const [author] = authors;
  if (author === undefined) throw new Refusal(404, "no such author");
  return { ...author, books, awards };
}

const mostRows = 1000;
const page = "SELECT id FROM Author WHERE id > ?1 ORDER BY id LIMIT ?2";

async function list(_request, { db }, url) {
  const parameters = parametersOf(url, ["limit", "after", "__datasource"]);
  const source = sourceOf(parameters);
  const limit = parameters.limit === undefined ? mostRows : integerOf(parameters.limit, "limit");
  if (limit < 1 || limit > mostRows) throw wrong(`limit: expected 1 to ${mostRows}`);
  const after = parameters.after === undefined ? 0 : integerOf(parameters.after, "after");
  const statements = [
    `SELECT ${authorColumns} FROM Author WHERE id > ?1 ORDER BY id LIMIT ?2`,
    ...(source === "none"
      ? []
      : [`SELECT ${bookColumns} FROM Book WHERE authorId IN (${page}) ORDER BY id`]),
    ...(source === "all"
      ? [`SELECT ${awardColumns} FROM Award WHERE authorId IN (${page}) ORDER BY id`]
      : []),
  ].map((sql) => db.prepare(sql).bind(after, limit));
  const [authors, books = [], awards = []] = await rowsOf(db, statements);
  const byId = new Map();
  for (const author of authors) {
    author.books = [];
    author.awards = [];
    byId.set(author.id, author);
  }
  for (const book of books) byId.get(book.authorId)?.books.push(book);
  for (const award of awards) byId.get(award.authorId)?.awards.push(award);
  if (authors.length < limit) return answer(authors);
  const next = `?limit=${limit}&__datasource=${source}&after=${authors.at(-1).id}`;
  return answer(authors, { link: `<${next}>; rel="next"` });
}

// Writing

const authorMembers = ["id", "name", "city", "born", "books", "awards"];
const bookMembers = ["id", "title", "pages", "price", "authorId"];

function checkedBook(book, index, authorId) {
  const path = `model.books[${index}]`;
  if (!isRecord(book)) throw wrong(`${path}: expected an object`);
  expectMembers(book, bookMembers, `${path}.`);
  if (book.id !== undefined) expectInteger(book.id, `${path}.id`);
  expectText(book.title, `${path}.title`);
  expectInteger(book.pages, `${path}.pages`);
  expectNumber(book.price, `${path}.price`);
  if (book.authorId !== undefined) expectInteger(book.authorId, `${path}.authorId`);
  if (book.authorId !== undefined && book.authorId !== authorId)
    throw new Refusal(403, `${path}: a row of another one`);
  return book;
}

function checkedAuthor(model) {
  if (!isRecord(model)) throw wrong("model: expected an object");
  expectMembers(model, authorMembers, "model.");
  const { id, name, city, born, books, awards } = model;
  if (id !== undefined) expectInteger(id, "model.id");
  if (name !== undefined) expectText(name, "model.name");
  if (city !== undefined) expectText(city, "model.city");
  if (books !== undefined && books !== null && !Array.isArray(books))
    throw wrong("model.books: expected a list");
  if (awards !== undefined && awards !== null && !Array.isArray(awards))
    throw wrong("model.awards: expected a list");
  if (awards?.length > 0) throw new Refusal(403, "model.awards[0]: not to be written");
  const checked = {
    id,
    name,
    city,
    books: (books ?? []).map((book, at) => checkedBook(book, at, id)),
  };
  if (born !== undefined) checked.born = born === null ? null : dateOf(born, "model.born");
  return checked;
}

const insertAuthor = "INSERT INTO Author (name, city, born) VALUES (?, ?, ?)";
const upsertAuthor =
  "INSERT INTO Author (id, name, city, born) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET name = excluded.name, city = excluded.city, born = CASE WHEN ?5 THEN excluded.born ELSE born END";
const updateAuthor =
  "UPDATE Author SET name = coalesce(?2, name), city = coalesce(?3, city), born = CASE WHEN ?5 THEN ?4 ELSE born END WHERE id = ?1";
/** The row that the batch has just made: its key is the largest. */
const newest = "(SELECT max(id) FROM Author)";
/** A book of another author cannot be taken: its author would become null, which fails, and the batch with it. */
const upsertBooks = (author) =>
  `INSERT INTO Book (id, title, pages, price, authorId) SELECT value ->> 'id', value ->> 'title', value ->> 'pages', value ->> 'price', ${author} FROM json_each(?1) WHERE true ON CONFLICT (id) DO UPDATE SET title = excluded.title, pages = excluded.pages, price = excluded.price, authorId = CASE WHEN authorId = excluded.authorId THEN authorId END`;
const newestAuthor = `SELECT ${authorColumns} FROM Author WHERE id = ${newest}`;
const newestBooks = `SELECT ${bookColumns} FROM Book WHERE authorId = ${newest} ORDER BY id`;

async function save(request, { db }, url) {
  const source = sourceOf(parametersOf(url, ["__datasource"]));
  if (source === "all") throw wrong("__datasource: not offered by hand");
  const { id, name, city, born, books } = checkedAuthor(await bodyOf(request, "model"));
  const statements = [];
  if (id === undefined) {
    if (name === undefined || city === undefined) throw wrong("model: a new row lacks a value");
    statements.push(db.prepare(insertAuthor).bind(name, city, born ?? null));
  } else {
    const sql = name === undefined || city === undefined ? updateAuthor : upsertAuthor;
    statements.push(
      db
        .prepare(sql)
        .bind(id, name ?? null, city ?? null, born ?? null, born === undefined ? 0 : 1),
    );
  }
  if (books.length > 0) {
    const rows = JSON.stringify(books);
    statements.push(
      id === undefined
        ? db.prepare(upsertBooks(newest)).bind(rows)
        : db.prepare(upsertBooks("?2")).bind(rows, id),
    );
  }
  const key = id === undefined ? [] : [id];
  statements.push(db.prepare(id === undefined ? newestAuthor : authorById).bind(...key));
  if (source === "shelf")
    statements.push(db.prepare(id === undefined ? newestBooks : booksOf).bind(...key));
  let results;
  try {
    results = await db.batch(statements);
  } catch (error) {
    if (/NOT NULL constraint failed: Book\.authorId/.test(error.message))
      throw new Refusal(403, "model.books: a row of another one");
    if (/FOREIGN KEY/.test(error.message)) throw new Refusal(404, "no such author");
    throw error;
  }
  const read = results.slice(source === "shelf" ? -2 : -1);
  return answer(authorOf(read.map(({ results: rows }) => rows)));
}
