// D1: one suite over every implementation.
import assert from "node:assert/strict";
import { conformance, fails } from "./implementations.mjs";

const table = "create table t(id integer primary key, a text unique, n integer, r real, b blob)";
const rows = async (db, sql, ...values) =>
  (
    await db
      .prepare(sql)
      .bind(...values)
      .all()
  ).results;

conformance("d1", [
  {
    name: "values go in and come out",
    async run(db) {
      await db.exec(table);
      const bytes = new Uint8Array([1, 2, 255]);
      const result = await db
        .prepare("insert into t(a, n, r, b) values (?, ?, ?, ?)")
        .bind("é", 5, 0.1 + 0.2, bytes)
        .run();
      assert.equal(result.success, true);
      assert.deepEqual(result.results, []);
      assert.equal(result.meta.changes, 1);
      assert.equal(result.meta.last_row_id, 1);
      assert.equal(result.meta.changed_db, true);
      assert.deepEqual(await rows(db, "select * from t"), [
        { id: 1, a: "é", n: 5, r: 0.1 + 0.2, b: [1, 2, 255] },
      ]);
      assert.deepEqual(
        await rows(
          db,
          "select ? a, ? b, ? c, ? d, ? e, ? f",
          bytes.buffer,
          [1, 2],
          [],
          bytes.subarray(1),
          null,
          "x",
        ),
        [{ a: [1, 2, 255], b: [1, 2], c: [], d: [2, 255], e: null, f: "x" }],
      );
    },
  },
  {
    name: "numbers are reals, true is 1, what is no number is null",
    async run(db) {
      assert.deepEqual(
        await rows(
          db,
          "select typeof(?) a, typeof(?) b, ? c, ? d, ?/2 e",
          1,
          true,
          NaN,
          Infinity,
          5,
        ),
        [{ a: "real", b: "real", c: null, d: null, e: 2.5 }],
      );
      assert.deepEqual(
        await rows(db, "select 9007199254740993 a, 9223372036854775807 b, 9e999 c, true d"),
        [{ a: 9007199254740992, b: 9223372036854776000, c: null, d: 1 }],
      );
    },
  },
  {
    name: "values of other types are refused",
    async run(db) {
      for (const [value, message] of [
        [undefined, "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'"],
        [{}, "D1_TYPE_ERROR: Type 'object' not supported for value '[object Object]'"],
        [1n, "D1_TYPE_ERROR: Type 'bigint' not supported for value '1'"],
        [[1, "a"], "D1_TYPE_ERROR: Type 'object' not supported for value '1,a'"],
      ])
        await fails(() => db.prepare("select ?").bind(value).all(), message);
    },
  },
  {
    name: "a statement takes exactly its values",
    async run(db) {
      const wrong = "D1_ERROR: Wrong number of parameter bindings for SQL query.";
      await fails(() => db.prepare("select ?, ?").bind(1).all(), wrong);
      await fails(() => db.prepare("select ?").all(), wrong);
      await fails(() => db.prepare("select ?").bind(1, 2).all(), wrong);
      await fails(() => db.prepare("select ?2").bind(1).all(), wrong);
      await fails(() => db.prepare("select 1").bind(1).all(), wrong);
      assert.deepEqual(await db.prepare("select ?1, ?1, ?2").bind("a", "b").raw(), [
        ["a", "a", "b"],
      ]);
      assert.deepEqual(await db.prepare("select :x, @y, $z, :x").bind("a", "b", "c").raw(), [
        ["a", "b", "c", "a"],
      ]);
      assert.deepEqual(await db.prepare("select ':x', ? -- :y").bind("a").raw(), [[":x", "a"]]);
      const statement = db.prepare("select ?");
      assert.deepEqual(await Promise.all([statement.bind("a").raw(), statement.bind("b").raw()]), [
        [["a"]],
        [["b"]],
      ]);
    },
  },
  {
    name: "rows in every shape",
    async run(db) {
      await db.exec(table);
      await db.exec("insert into t(a, n) values ('x', 1), ('y', 2)");
      const all = db.prepare("select a, n from t order by n");
      assert.deepEqual(await all.raw(), [
        ["x", 1],
        ["y", 2],
      ]);
      assert.deepEqual(await all.raw({ columnNames: true }), [
        ["a", "n"],
        ["x", 1],
        ["y", 2],
      ]);
      assert.deepEqual(await all.first(), { a: "x", n: 1 });
      assert.equal(await all.first("n"), 1);
      await fails(() => all.first("nope"), "D1_COLUMN_NOTFOUND: Column not found (nope)");
      const none = db.prepare("select a from t where 0");
      assert.equal(await none.first(), null);
      assert.equal(await none.first("nope"), null);
      assert.deepEqual(await none.raw({ columnNames: true }), [["a"]]);
      assert.deepEqual((await all.run()).results, [
        { a: "x", n: 1 },
        { a: "y", n: 2 },
      ]);
      const twice = db.prepare("select 1 a, 2 a");
      assert.deepEqual(await twice.first(), { a: 2 });
      assert.deepEqual(await twice.raw(), [[1, 2]]);
      assert.deepEqual(await rows(db, "insert into t(a) values ('z') returning a, id"), [
        { a: "z", id: 3 },
      ]);
    },
  },
  {
    name: "columns of any name",
    only: ["memory", "disk"], // The way from Miniflare to Node cannot carry the first.
    async run(db) {
      const row = await db.prepare('select 1 "__proto__", 2 "constructor", 3 ""').first();
      assert.deepEqual(Object.entries(row), [
        ["__proto__", 1],
        ["constructor", 2],
        ["", 3],
      ]);
      assert.equal(Object.getPrototypeOf(row), Object.prototype);
    },
  },
  {
    name: "a statement that is asked again answers anew, whatever its values are",
    async run(db) {
      await db.exec("create table big(id integer primary key, n)");
      const read = () => db.prepare("select n from big").raw();
      for (const [sql, expected] of [
        ["insert into big values (1, 5)", 5],
        ["update big set n = 9007199254740993", 9007199254740992],
        ["update big set n = 7", 7],
        ["update big set n = 'text'", "text"],
        ["update big set n = x'01ff'", [1, 255]],
        ["update big set n = -9e999", null],
      ]) {
        await db.prepare(sql).run();
        assert.deepEqual(await read(), [[expected]], sql);
      }
    },
  },
  {
    name: "meta tells what this statement has changed",
    async run(db) {
      const meta = async (sql) => {
        const told = (await db.prepare(sql).all()).meta;
        return [told.changes, told.last_row_id, told.changed_db];
      };
      await db.exec(table);
      assert.deepEqual(await meta("select 1"), [0, 0, false]);
      assert.deepEqual(await meta("insert into t(a) values ('x'), ('y')"), [2, 2, true]);
      assert.deepEqual(await meta("select * from t"), [0, 2, false]);
      assert.deepEqual(await meta("update t set n = 1"), [2, 2, true]);
      assert.deepEqual(await meta("delete from t where id = 9"), [0, 2, false]);
      // The row that was taken back had an id.
      await fails(() => db.prepare("insert into t(a) values ('z'), ('x')").run(), /UNIQUE/);
      assert.deepEqual(await meta("select * from t"), [0, 3, false]);
      assert.equal(await db.prepare("insert into t(a) values ('w') returning id").first("id"), 3);
      assert.deepEqual(await meta("select count(*) from t"), [0, 3, false]);
      assert.equal((await db.prepare("create table other(a)").run()).meta.changed_db, true);
      const [read, written, after] = await db.batch([
        db.prepare("select count(*) n from t"),
        db.prepare("delete from t"),
        db.prepare("select count(*) n from t"),
      ]);
      assert.deepEqual([read.meta.changes, read.results], [0, [{ n: 3 }]]);
      assert.deepEqual([written.meta.changes, written.results], [3, []]);
      assert.deepEqual([after.meta.changes, after.results], [0, [{ n: 0 }]]);
      const size = (await db.prepare("select 1").all()).meta.size_after;
      await db.prepare("insert into t(b) values (zeroblob(500000))").run();
      assert.ok((await db.prepare("select 1").all()).meta.size_after > size + 400_000);
    },
  },
  {
    name: "columns follow the schema",
    async run(db) {
      await db.exec("create table s(a)");
      await db.exec("insert into s values (1)");
      assert.deepEqual(await rows(db, "select * from s"), [{ a: 1 }]);
      await db.exec("alter table s add column b default 2");
      assert.deepEqual(await rows(db, "select * from s"), [{ a: 1, b: 2 }]);
    },
  },
  {
    name: "constraints are named",
    async run(db) {
      await db.exec(
        "create table c(id integer primary key, a unique, b not null default 1, d check(d > 1))",
      );
      await db.exec("create table f(c references c(id))");
      await db.exec("insert into c(id, a) values (1, 'x')");
      for (const [sql, message] of [
        [
          "insert into c(a) values ('x')",
          "UNIQUE constraint failed: c.a: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_UNIQUE)",
        ],
        [
          "insert into c(id) values (1)",
          "UNIQUE constraint failed: c.id: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_PRIMARYKEY)",
        ],
        [
          "insert into c(b) values (null)",
          "NOT NULL constraint failed: c.b: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_NOTNULL)",
        ],
        [
          "insert into c(d) values (0)",
          "CHECK constraint failed: d > 1: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_CHECK)",
        ],
        [
          "insert into f values (9)",
          "FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)",
        ],
        ["select * from nope", "no such table: nope: SQLITE_ERROR"],
      ])
        await fails(() => db.prepare(sql).run(), `D1_ERROR: ${message}`);
    },
  },
  {
    name: "a text without a statement, or with something behind the last",
    async run(db) {
      for (const sql of ["", "-- x", "  "])
        await fails(() => db.prepare(sql).all(), "D1_ERROR: No SQL statements detected.");
      await fails(
        () => db.prepare("select 1; -- c").all(),
        "D1_ERROR: SQL code did not contain a statement.",
      );
      await fails(() => db.batch([]), "D1_ERROR: No SQL statements detected.");
      assert.deepEqual(await rows(db, "select 1 a; "), [{ a: 1 }]);
    },
  },
  {
    name: "several statements answer the last, which alone has values",
    async run(db) {
      await db.exec("create table u(a)");
      assert.deepEqual(
        await rows(db, "insert into u values (1); select count(*) n, ? x from u", "y"),
        [{ n: 1, x: "y" }],
      );
      await fails(
        () => db.prepare("insert into u values (?); select ? n").bind(1, 2).all(),
        "D1_ERROR: When executing multiple SQL statements in a single call, only the last statement can have parameters.",
      );
      await db
        .prepare("create trigger g after insert on u begin delete from u where a = 7; end")
        .run();
      await db.prepare("insert into u values (7)").run();
      assert.equal(await db.prepare("select count(*) n from u").first("n"), 1);
      assert.deepEqual(await rows(db, "select ';' a; select '-- ;' b"), [{ b: "-- ;" }]);
    },
  },
  {
    name: "a batch is all or nothing",
    async run(db) {
      await db.exec(table);
      const insert = db.prepare("insert into t(a) values (?)");
      await fails(() => db.batch([insert.bind("q"), insert.bind("q")]), /^D1_ERROR: UNIQUE/);
      assert.equal(await db.prepare("select count(*) n from t").first("n"), 0);
      const [first, second] = await db.batch([
        insert.bind("q"),
        db.prepare("select count(*) n, last_insert_rowid() id from t"),
      ]);
      assert.equal(first.meta.changes, 1);
      assert.deepEqual(second.results, [{ n: 1, id: 1 }]);
      await fails(() => db.prepare("insert or fail into t(a) values ('r'), ('q')").run(), /UNIQUE/);
      assert.equal(await db.prepare("select count(*) n from t").first("n"), 1);
    },
  },
  {
    name: "exec takes a statement a line",
    async run(db) {
      assert.equal(
        (await db.exec("create table u(a);\ninsert into u values (1); insert into u values (2)"))
          .count,
        2,
      );
      assert.equal(await db.prepare("select count(*) n from u").first("n"), 2);
      assert.equal((await db.exec("-- c\nselect 1")).count, 1);
      await fails(
        () => db.exec("create table w(\na)"),
        "D1_EXEC_ERROR: Error in line 1: create table w(: incomplete input: SQLITE_ERROR",
      );
      await fails(
        () => db.exec(""),
        "D1_EXEC_ERROR: Error in line 1: : No SQL statements detected.",
      );
    },
  },
  {
    name: "what the platform keeps to itself is refused",
    async run(db) {
      await fails(
        () => db.prepare("begin").run(),
        /^D1_ERROR: To execute a transaction, please use the state\.storage\.transaction/,
      );
      await fails(() => db.prepare("savepoint a").run(), /^D1_ERROR: To execute a transaction/);
      for (const sql of [
        "attach 'x' as y",
        "pragma journal_mode",
        "create temp table x(a)",
        "create table _cf_x(a)",
      ])
        await fails(() => db.prepare(sql).run(), "D1_ERROR: not authorized: SQLITE_AUTH");
      await fails(
        () => db.prepare("vacuum").run(),
        "D1_ERROR: cannot VACUUM from within a transaction: SQLITE_ERROR",
      );
      await fails(
        () => db.prepare("select sqlite_version()").all(),
        /not authorized to use function: sqlite_version/,
      );
      await db.prepare("pragma foreign_keys = off").run();
      await db.exec("create table p(id integer primary key)");
      await db.exec("create table c(p references p(id))");
      await fails(() => db.prepare("insert into c values (7)").run(), /FOREIGN KEY/);
      assert.equal((await rows(db, "pragma table_info(c)"))[0].name, "p");
    },
  },
  {
    name: "full texts are searched, and boxes",
    async run(db) {
      await db.prepare("create virtual table note using fts5(text)").run();
      await db.prepare("insert into note values ('hello world'), ('good bye')").run();
      assert.deepEqual(
        await rows(
          db,
          "select highlight(note, 0, '<', '>') h from note where note match ?",
          "world",
        ),
        [{ h: "hello <world>" }],
      );
      await db.prepare("insert into note(note) values ('optimize')").run();
      await db.prepare("create virtual table term using fts5vocab(note, row)").run();
      assert.equal(await db.prepare("select count(*) n from term").first("n"), 4);
      await db.prepare("update note set text = 'other' where text match 'bye'").run();
      await db.prepare("delete from note where rowid = 1").run();
      assert.deepEqual(await rows(db, "select text from note"), [{ text: "other" }]);
      await db.prepare("create virtual table box using rtree(id, low, high)").run();
      await db.prepare("insert into box values (1, 0, 5), (2, 6, 9)").run();
      assert.deepEqual(await rows(db, "select id from box where low <= 7 and high >= 7"), [
        { id: 2 },
      ]);
      assert.deepEqual(await rows(db, "pragma quick_check"), [{ quick_check: "ok" }]);
      await db.prepare("drop table note").run();
      await fails(
        () => db.prepare("create virtual table old using fts4(text)").run(),
        "D1_ERROR: not authorized: SQLITE_AUTH",
      );
    },
  },
  {
    name: "pragmas that ask about a table need its name",
    async run(db) {
      await db.exec(table);
      for (const pragma of ["table_info", "table_xinfo", "index_list", "foreign_key_list"]) {
        await db.prepare(`pragma ${pragma}(t)`).all();
        await fails(
          () => db.prepare(`pragma ${pragma}`).all(),
          "D1_ERROR: not authorized: SQLITE_AUTH",
        );
      }
      assert.equal((await rows(db, "pragma page_size")).length, 1);
      for (const pragma of ["page_size = 512", "function_list", "page_count", "integrity_check"])
        await fails(
          () => db.prepare(`pragma ${pragma}`).all(),
          "D1_ERROR: not authorized: SQLITE_AUTH",
        );
    },
  },
  {
    name: "SQL has limits",
    async run(db) {
      const many = (count, make) => Array.from({ length: count }, (_, index) => make(index));
      const error = (message) => `D1_ERROR: ${message}`;
      await fails(
        () => db.prepare(`select ${many(101, (i) => `1 c${i}`)}`).all(),
        error("too many columns in result set: SQLITE_ERROR"),
      );
      await fails(
        () => db.prepare(`select '${"a".repeat(100_001)}'`).all(),
        error("statement too long: SQLITE_TOOBIG"),
      );
      await fails(
        () => db.prepare(many(6, () => "select 1").join(" union all ")).all(),
        error("too many terms in compound SELECT: SQLITE_ERROR"),
      );
      await fails(
        () => db.prepare(`select ${many(102, () => "1").join(" and ")}`).all(),
        error("Expression tree is too large (maximum depth 100): SQLITE_ERROR"),
      );
      await fails(
        () => db.prepare("select 'a' like ?").bind("a".repeat(51)).all(),
        error("LIKE or GLOB pattern too complex: SQLITE_ERROR"),
      );
      await fails(
        () =>
          db
            .prepare(`select json_array(${many(101, () => "?")})`)
            .bind(...many(101, () => 1))
            .all(),
        /too many SQL variables/,
      );
      await fails(
        () => db.prepare(`select json_array(${many(128, () => "1")})`).all(),
        /too many arguments on function json_array/,
      );
      assert.equal(
        (await rows(db, `select json_array(${many(100, () => "?")}) a`, ...many(100, () => "x")))
          .length,
        1,
      );
    },
  },
  {
    name: "a double-quoted text that names nothing is a string",
    async run(db) {
      assert.deepEqual(await rows(db, 'select "abc" d'), [{ d: "abc" }]);
    },
  },
  {
    name: "a session has a bookmark once it has asked",
    async run(db) {
      const session = db.withSession();
      assert.equal(await session.getBookmark(), null);
      await session.prepare("select 1").all();
      assert.equal(typeof (await session.getBookmark()), "string");
    },
  },
]);
