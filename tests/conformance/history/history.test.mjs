// Buckets with history: one suite over JetStream and SQLite.
import assert from "node:assert/strict";
import {
  BucketDiffers,
  BucketFull,
  BucketNotFound,
  Closed,
  InvalidKey,
  InvalidOption,
  RevisionConflict,
  TtlUnsupported,
  ValueTooLarge,
} from "../../../dist/nats/index.js";
import { all, histories, rejects, shown, take, until } from "./histories.mjs";

histories("buckets", [
  {
    name: "a value comes back with all that is known of it",
    async run({ bucket }) {
      const kv = await bucket();
      const before = Date.now();
      const revision = await kv.put("greeting", "héllo \u{1f40e}", {
        headers: { "X-Mood": "fine" },
      });
      const entry = await kv.get("greeting");
      assert.equal(entry.string(), "héllo \u{1f40e}");
      assert.equal(entry.key, "greeting");
      assert.equal(entry.bucket, kv.name);
      assert.equal(entry.revision, revision);
      assert.equal(entry.operation, "PUT");
      assert.equal(entry.size, 11);
      assert.deepEqual(entry.headers, { "X-Mood": "fine" });
      assert.equal(entry.origin, null);
      assert.ok(Math.abs(entry.created.getTime() - before) < 5000);
      await kv.put("bytes", new Uint8Array([0, 255, 10]));
      assert.deepEqual([...(await kv.get("bytes")).value], [0, 255, 10]);
      await kv.put("json", '{"a":[1,null]}');
      assert.deepEqual((await kv.get("json")).json(), { a: [1, null] });
      await kv.put("empty", "");
      assert.equal((await kv.get("empty")).value.byteLength, 0);
      assert.equal(await kv.get("nothing"), null);
    },
  },
  {
    name: "n values are kept, and revisions read",
    async run({ bucket }) {
      const kv = await bucket({ history: 3 });
      const revisions = [];
      for (const value of ["1", "2", "3", "4"]) revisions.push(await kv.put("k", value));
      await kv.put("other", "o");
      assert.deepEqual(
        (await kv.history("k")).map((entry) => entry.string()),
        ["2", "3", "4"],
      );
      assert.deepEqual(
        (await kv.history("k")).map(({ delta }) => delta),
        [2, 1, 0],
      );
      assert.equal((await kv.get("k", { revision: revisions[1] })).string(), "2");
      assert.equal(await kv.get("k", { revision: revisions[0] }), null);
      assert.equal(await kv.get("other", { revision: revisions[1] }), null, "another key's");
      assert.equal(await kv.get("k", { revision: 9999 }), null);
      assert.deepEqual(await kv.history("unknown"), []);
      const light = await kv.history("k", { metaOnly: true });
      assert.deepEqual(
        light.map(({ size, value }) => [size, value.byteLength]),
        [
          [1, 0],
          [1, 0],
          [1, 0],
        ],
      );
    },
  },
  {
    name: "one value is kept by default, and 1 to 64 can be",
    async run({ bucket }) {
      const kv = await bucket();
      await kv.put("k", "1");
      await kv.put("k", "2");
      assert.equal((await kv.history("k")).length, 1);
      assert.equal((await kv.status()).history, 1);
      for (const history of [0, 65, 1.5, -1, NaN, "5"])
        await rejects(() => bucket({ history }), InvalidOption);
      const most = await bucket({ history: 64 });
      for (let index = 0; index < 70; index += 1) await most.put("k", String(index));
      assert.equal((await most.history("k")).length, 64);
    },
  },
  {
    name: "create wants no value, update the last revision",
    async run({ bucket }) {
      const kv = await bucket({ history: 5 });
      const first = await kv.create("k", "1");
      const conflict = await rejects(() => kv.create("k", "2"), RevisionConflict);
      assert.deepEqual(
        [conflict.key, conflict.expected, conflict.current, conflict.code],
        ["k", 0, first, "RevisionConflict"],
      );
      const second = await kv.update("k", "2", first);
      const late = await rejects(() => kv.update("k", "3", first), RevisionConflict);
      assert.deepEqual([late.expected, late.current], [first, second]);
      await rejects(() => kv.update("new", "1", 7), RevisionConflict);
      await rejects(() => kv.put("k", "4", { expected: first }), RevisionConflict);
      await rejects(() => kv.delete("k", { expected: first }), RevisionConflict);
      await rejects(() => kv.purge("k", { expected: first }), RevisionConflict);
      assert.equal((await kv.get("k")).string(), "2");
      await kv.delete("k", { expected: second });
      assert.ok((await kv.create("k", "again")) > second, "over a marker");
      await kv.purge("k");
      await kv.create("k", "once more");
      assert.equal((await kv.get("k")).string(), "once more");
      await kv.update("fresh", "by revision 0", 0);
    },
  },
  {
    name: "of many who create one key, one does",
    async run({ bucket }) {
      const kv = await bucket();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => kv.create("lock", String(index))),
      );
      const won = outcomes.filter(({ status }) => status === "fulfilled");
      assert.equal(won.length, 1);
      for (const { reason } of outcomes.filter(({ status }) => status === "rejected"))
        assert.ok(reason instanceof RevisionConflict);
    },
  },
  {
    name: "delete leaves the history, purge a marker, erase nothing",
    async run({ bucket }) {
      const kv = await bucket({ history: 5 });
      await kv.put("k", "1");
      await kv.put("k", "2");
      const deleted = await kv.delete("k");
      assert.equal(await kv.get("k"), null);
      assert.equal(await kv.get("k", { revision: deleted }), null);
      assert.deepEqual(
        (await kv.history("k")).map(({ operation }) => operation),
        ["PUT", "PUT", "DEL"],
      );
      await kv.purge("k");
      assert.deepEqual(
        (await kv.history("k")).map(shown).map((one) => one[1]),
        ["PURGE"],
      );
      await kv.put("k", "3");
      await kv.put("k", "4");
      await kv.put("other", "stays");
      await kv.erase("k");
      assert.deepEqual(await kv.history("k"), []);
      assert.equal(await kv.get("k"), null);
      assert.equal((await kv.get("other")).string(), "stays");
      assert.deepEqual(await all(kv.keys()), ["other"]);
      await kv.delete("never-there");
    },
  },
  {
    name: "compact keeps the last n of one key",
    async run({ bucket }) {
      const kv = await bucket({ history: 10 });
      for (const value of ["1", "2", "3", "4", "5"]) {
        await kv.put("k", value);
        await kv.put("other", value);
      }
      await kv.compact("k", 2);
      assert.deepEqual(
        (await kv.history("k")).map((entry) => entry.string()),
        ["4", "5"],
      );
      assert.equal((await kv.history("other")).length, 5);
      await kv.compact("k", 9);
      assert.equal((await kv.history("k")).length, 2);
      for (const keep of [0, -1, 1.5]) await rejects(() => kv.compact("k", keep), InvalidOption);
    },
  },
  {
    name: "a purged bucket is empty, and its watches know",
    async run({ bucket }) {
      const kv = await bucket({ history: 3 });
      const watch = kv.watch();
      await take(watch, 1);
      await Promise.all(["a", "b", "c"].map((key) => kv.put(key, "v")));
      await take(watch, 3);
      await kv.purgeBucket();
      const seen = await take(watch, 3);
      assert.deepEqual(seen.map(([key, operation]) => `${key} ${operation}`).sort(), [
        "a PURGE",
        "b PURGE",
        "c PURGE",
      ]);
      assert.deepEqual(await all(kv.keys()), []);
      assert.ok((await kv.status()).entries <= 1, "what caches are told by stays");
      await watch.return();
    },
  },
  {
    name: "keys are those with a value, by filter",
    async run({ bucket }) {
      const kv = await bucket({ history: 2 });
      assert.deepEqual(await all(kv.keys()), []);
      for (const key of ["a", "a.b", "a.b.c", "a.c", "d/e", "gone", "purged"])
        await kv.put(key, key);
      await kv.put("a", "twice");
      await kv.delete("gone");
      await kv.purge("purged");
      const keys = async (filter) => (await all(kv.keys(filter))).sort();
      assert.deepEqual(await keys(), ["a", "a.b", "a.b.c", "a.c", "d/e"]);
      assert.deepEqual(await keys("a.*"), ["a.b", "a.c"]);
      assert.deepEqual(await keys("a.>"), ["a.b", "a.b.c", "a.c"]);
      assert.deepEqual(await keys("*.b"), ["a.b"]);
      assert.deepEqual(await keys("nothing"), []);
      const listed = await all(kv.list("a"));
      assert.deepEqual([listed[0].size, listed[0].value.byteLength], [5, 0]);
    },
  },
  {
    name: "keys are in the grammar, and those of the bucket itself are refused",
    async run({ bucket }) {
      const kv = await bucket();
      for (const key of [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a b",
        "a*",
        "*",
        ">",
        "é",
        "a\n",
        "k".repeat(2000),
      ]) {
        await rejects(() => kv.put(key, "v"), InvalidKey);
        await rejects(() => kv.get(key), InvalidKey);
      }
      for (const key of ["_kv", "_kv/replicas", "_kvx"]) {
        const error = await rejects(() => kv.put(key, "v"), InvalidKey);
        assert.match(error.message, /reserved/);
      }
      for (const key of ["a/b-c_D=9", "A.b.C", "k".repeat(1500)]) {
        await kv.put(key, key);
        assert.equal((await kv.get(key)).string(), key);
      }
      await rejects(async () => kv.watch({ key: "a.>.b" }), InvalidKey);
      await rejects(() => all(kv.keys("a..b")), InvalidKey);
    },
  },
  {
    name: "names of buckets are in the grammar",
    async run({ history }) {
      for (const name of ["", "a.b", "a b", "é", "a/b", "*", "x".repeat(201)])
        await rejects(() => history.bucket(name), InvalidOption);
      await history.bucket("Mixed-Case_9");
      assert.ok((await history.buckets()).includes("Mixed-Case_9"));
    },
  },
  {
    name: "a watch begins with the last of each key, one mark, then changes",
    async run({ bucket }) {
      const kv = await bucket({ history: 5 });
      const a1 = await kv.put("a", "1");
      const a2 = await kv.put("a", "2");
      const b1 = await kv.put("b", "1");
      const watch = kv.watch();
      assert.deepEqual(await take(watch, 3), [["a", "PUT", "2", a2], ["b", "PUT", "1", b1], null]);
      const b2 = await kv.put("b", "2");
      const gone = await kv.delete("a");
      assert.deepEqual(await take(watch, 2), [
        ["b", "PUT", "2", b2],
        ["a", "DEL", "", gone],
      ]);
      await watch.return();
      assert.deepEqual(await take(watch, 1), ["end"]);
      const whole = kv.watch({ include: "history", key: "a" });
      assert.deepEqual(await take(whole, 4), [
        ["a", "PUT", "1", a1],
        ["a", "PUT", "2", a2],
        ["a", "DEL", "", gone],
        null,
      ]);
      await whole.return();
      const from = kv.watch({ from: b2 });
      assert.deepEqual(await take(from, 3), [["b", "PUT", "2", b2], ["a", "DEL", "", gone], null]);
      await from.return();
    },
  },
  {
    name: "an empty watch has its mark, and one of changes begins with it",
    async run({ bucket }) {
      const kv = await bucket();
      const empty = kv.watch();
      assert.deepEqual(await take(empty, 1), [null]);
      await kv.put("before", "1");
      const updates = kv.watch({ include: "updates" });
      assert.deepEqual(await take(updates, 1), [null]);
      const revision = await kv.put("k", "v");
      assert.deepEqual(await take(updates, 1), [["k", "PUT", "v", revision]]);
      const key = kv.watch({ key: "unknown" });
      assert.deepEqual(await take(key, 1), [null]);
      const late = await kv.put("unknown", "now");
      assert.deepEqual(await take(key, 1), [["unknown", "PUT", "now", late]]);
      for (const watch of [empty, updates, key]) await watch.return();
    },
  },
  {
    name: "watches leave out markers or values when asked",
    async run({ bucket }) {
      const kv = await bucket({ history: 4 });
      await kv.put("gone", "1");
      await kv.delete("gone");
      await kv.put("k", "value");
      const watch = kv.watch({ ignoreDeletes: true });
      const [first, mark] = await take(watch, 2);
      assert.deepEqual([first[0], mark], ["k", null]);
      await kv.purge("k");
      const revision = await kv.put("k", "again");
      assert.deepEqual(await take(watch, 1), [["k", "PUT", "again", revision]]);
      await watch.return();
      const light = kv.watch({ key: "k", metaOnly: true });
      const { value } = await light.next();
      assert.deepEqual([value.size, value.value.byteLength], [5, 0]);
      await light.return();
    },
  },
  {
    name: "a watcher slower than the writer misses nothing",
    async run({ bucket }) {
      const kv = await bucket({ history: 64 });
      const watch = kv.watch();
      await take(watch, 1);
      const value = "v".repeat(20_000);
      const written = [];
      for (let round = 0; round < 15; round += 1)
        written.push(
          ...(await Promise.all(
            Array.from({ length: 20 }, (_, index) => kv.put(`k${round}-${index}`, value)),
          )),
        );
      const seen = [];
      while (seen.length < written.length) {
        seen.push((await watch.next()).value.revision);
        if (seen.length % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.deepEqual(
        seen,
        [...written].sort((left, right) => left - right),
      );
      await watch.return();
    },
  },
  {
    name: "watches end with their signal, their bucket and the bucket's end",
    async run({ bucket, history }) {
      const kv = await bucket();
      const controller = new AbortController();
      const aborted = kv.watch({ signal: controller.signal });
      await take(aborted, 1);
      const waiting = aborted.next();
      controller.abort(new Error("enough"));
      await assert.rejects(waiting, /enough/);
      const second = await history.bucket(kv.name);
      const closed = second.watch();
      await take(closed, 1);
      const ends = closed.next();
      second.close();
      assert.deepEqual(await ends, { value: undefined, done: true });
      await rejects(() => second.get("k"), Closed);
      const deleted = kv.watch();
      await take(deleted, 1);
      const started = Date.now();
      const fails = rejects(() => deleted.next(), BucketNotFound);
      await kv.destroy();
      await fails;
      assert.ok(Date.now() - started < 10_000);
      await rejects(() => kv.get("k"), BucketNotFound);
      await rejects(() => history.bucket(kv.name, { create: false }), BucketNotFound);
    },
  },
  {
    name: "calls are given up by their signals",
    async run({ bucket }) {
      const kv = await bucket();
      const signal = AbortSignal.abort(new Error("stop"));
      for (const work of [
        () => kv.get("k", { signal }),
        () => kv.put("k", "v", { signal }),
        () => kv.create("k", "v", { signal }),
        () => kv.update("k", "v", 1, { signal }),
        () => kv.delete("k", { signal }),
        () => kv.purge("k", { signal }),
        () => kv.erase("k", { signal }),
        () => kv.compact("k", 1, { signal }),
        () => kv.history("k", { signal }),
        () => all(kv.keys(">", { signal })),
        () => kv.status({ signal }),
        () => kv.purgeBucket({ signal }),
      ])
        await assert.rejects(work, /stop/);
    },
  },
  {
    name: "codecs of keys and values are applied everywhere",
    async run({ bucket, history }) {
      const reverse = (bytes) => Uint8Array.from(bytes).reverse();
      const kv = await bucket({
        history: 3,
        codecs: { keys: "base64url", values: { encode: reverse, decode: reverse } },
      });
      for (const key of ["a b.c", "é", "*", ">", "_kv", "a.ÿþ?"]) {
        const revision = await kv.put(key, `of ${key}`);
        assert.equal((await kv.get(key)).string(), `of ${key}`);
        assert.deepEqual((await kv.history(key)).map(shown), [[key, "PUT", `of ${key}`, revision]]);
        const watch = key === "*" || key === ">" ? null : kv.watch({ key });
        if (watch === null) continue;
        assert.deepEqual(await take(watch, 2), [[key, "PUT", `of ${key}`, revision], null]);
        await watch.return();
      }
      assert.deepEqual(await all(kv.keys("a b.*")), ["a b.c"]);
      assert.deepEqual(
        (await all(kv.keys())).sort(),
        ["*", ">", "_kv", "a b.c", "a.ÿþ?", "é"].sort(),
      );
      await rejects(() => kv.put("a..b", "v"), InvalidKey);
      const raw = await history.bucket(kv.name);
      assert.deepEqual((await raw.get("w6k")).value, reverse(Buffer.from("of é")));
    },
  },
  {
    name: "codecs in a chain, paths, escapes and ones of one's own",
    async run({ bucket }) {
      const paths = await bucket({ codecs: { keys: ["path", "base64url"] } });
      await paths.put("/a b/c/", "v");
      assert.equal((await paths.get("/a b/c")).string(), "v");
      assert.deepEqual(await all(paths.keys("/a b/*")), ["/a b/c"]);
      const any = await bucket({ codecs: { keys: "escape" } });
      const awkward = [
        ".",
        "..",
        "a..b",
        "*",
        ">",
        " ",
        "\0",
        "\ufeff",
        "\u{1f40e}",
        "é".repeat(256),
        "_kv/x",
        "a=b",
        "%",
      ];
      for (const key of awkward) await any.put(key, key);
      assert.deepEqual((await all(any.keys())).sort(), [...awkward].sort());
      for (const key of awkward) assert.equal((await any.get(key)).string(), key);
      await rejects(() => all(any.keys("a*")), InvalidKey);
      const own = await bucket({
        codecs: { keys: { encode: (key) => `x${key}`, decode: (text) => text.slice(1) } },
      });
      await own.put("k", "v");
      assert.deepEqual(await all(own.keys()), ["k"]);
      await rejects(() => all(own.keys("k.*")), InvalidKey);
    },
  },
  {
    name: "a bucket's TTL takes entries away",
    async run({ bucket }) {
      const kv = await bucket({ ttl: 1 });
      assert.equal((await kv.status()).ttl, 1);
      await kv.put("k", "v");
      assert.equal((await kv.get("k")).string(), "v");
      await until(async () => (await kv.get("k")) === null, 5000);
      assert.deepEqual(await all(kv.keys()), []);
      assert.deepEqual(await kv.history("k"), []);
    },
  },
  {
    name: "a key's TTL takes it away, and everyone sees that",
    needs: "keyTtl",
    async run({ bucket }) {
      const kv = await bucket({ history: 3, markerTtl: 2 });
      assert.equal((await kv.status()).markerTtl, 2);
      const watch = kv.watch();
      await take(watch, 1);
      await kv.create("short", "v", { ttl: 2 });
      await kv.put("long", "v");
      await take(watch, 2);
      assert.equal((await kv.get("short")).string(), "v");
      const [[key, operation]] = await take(watch, 1);
      assert.deepEqual([key, operation], ["short", "PURGE"]);
      assert.equal(await kv.get("short"), null);
      assert.deepEqual(await all(kv.keys()), ["long"]);
      await kv.create("short", "again", { ttl: 60 });
      assert.equal((await kv.get("short")).string(), "again");
      await kv.purge("short", { ttl: 2 });
      await until(async () => (await kv.history("short")).length === 0, 8000);
      for (const ttl of [0, 0.5, -1, NaN])
        await rejects(() => kv.create("x", "v", { ttl }), InvalidOption);
      await watch.return();
    },
  },
  {
    name: "a key's TTL is refused where the bucket has none",
    needs: "keyTtl",
    async run({ bucket }) {
      const kv = await bucket();
      await rejects(() => kv.create("k", "v", { ttl: 5 }), TtlUnsupported);
      assert.equal(await kv.get("k"), null);
    },
  },
  {
    name: "a key's TTL is refused by old servers, not ignored",
    needs: "noKeyTtl",
    async run({ bucket, history }) {
      const error = await rejects(() => bucket({ markerTtl: 5 }), TtlUnsupported);
      assert.equal(error.version, history.version);
      const kv = await bucket();
      await rejects(() => kv.create("k", "v", { ttl: 5 }), TtlUnsupported);
      await rejects(() => kv.purge("k", { ttl: 5 }), TtlUnsupported);
      assert.equal(await kv.get("k"), null);
    },
  },
  {
    name: "a full bucket takes no more, and still lets go",
    async run({ bucket }) {
      const kv = await bucket({ maxBytes: 20_000 });
      await kv.put("a", "x".repeat(9000));
      await kv.put("b", "x".repeat(9000));
      await rejects(() => kv.put("c", "x".repeat(9000)), BucketFull);
      assert.equal(await kv.get("c"), null);
      await kv.purge("a");
      await kv.put("c", "x".repeat(9000));
    },
  },
  {
    name: "a value has its most bytes",
    async run({ bucket }) {
      const kv = await bucket({ maxValueBytes: 1000 });
      await kv.put("k", "x".repeat(700));
      const error = await rejects(() => kv.put("k", "x".repeat(1001)), ValueTooLarge);
      assert.equal(error.limit, 1000);
      assert.equal((await kv.get("k")).size, 700);
      const plain = await bucket();
      await rejects(() => plain.put("k", new Uint8Array(2 * 1024 * 1024)), ValueTooLarge);
      await plain.put("k", "still there");
      await plain.put("big", new Uint8Array(1024 * 1024 - 400));
    },
  },
  {
    name: "a bucket that exists is opened as it is, or refused",
    async run({ bucket, history }) {
      const kv = await bucket({ history: 5 });
      await kv.put("k", "v");
      const again = await history.bucket(kv.name);
      assert.equal((await again.get("k")).string(), "v");
      await history.bucket(kv.name, { history: 5 });
      const error = await rejects(() => history.bucket(kv.name, { history: 2 }), BucketDiffers);
      assert.match(error.message, /history is 5, not 2/);
      await rejects(() => history.bucket("absent", { create: false }), BucketNotFound);
    },
  },
  {
    name: "a write with an id is stored once",
    async run({ bucket }) {
      const kv = await bucket({ history: 5 });
      const first = await kv.put("k", "v", { id: "write-1" });
      assert.equal(await kv.put("k", "v", { id: "write-1" }), first);
      assert.equal((await kv.history("k")).length, 1);
      const created = await kv.create("c", "v", { id: "write-2" });
      assert.equal(await kv.create("c", "v", { id: "write-2" }), created);
    },
  },
  {
    name: "headers of one's own are checked",
    async run({ bucket }) {
      const kv = await bucket();
      for (const headers of [
        { "Nats-TTL": "1s" },
        { "KV-Operation": "DEL" },
        { "kv-origin-cluster": "x" },
        { "a b": "c" },
        { A: "x\r\ny" },
        { A: " x" },
      ])
        await rejects(() => kv.put("k", "v", { headers }), InvalidOption);
      await kv.put("k", "v", { headers: { "KV-Metadata": '{"é":1}' } });
      assert.equal((await kv.get("k")).headers["KV-Metadata"], '{"é":1}');
    },
  },
  {
    name: "status says what the bucket is and has",
    async run({ bucket, place }) {
      const kv = await bucket({ history: 2, maxBytes: 1_000_000 });
      await kv.put("k", "1");
      const last = await kv.put("k", "2");
      const status = await kv.status();
      assert.equal(status.bucket, kv.name);
      assert.equal(status.stream, `KV_${kv.name}`);
      assert.equal(status.entries, 2);
      assert.equal(status.history, 2);
      assert.equal(status.maxBytes, 1_000_000);
      assert.equal(status.ttl, null);
      assert.equal(status.markerTtl, null);
      assert.equal(status.lastRevision, last);
      assert.equal(status.backend, place.server === undefined ? "local" : "jetstream");
      assert.equal(status.version, place.server?.version ?? "local");
      assert.ok(status.bytes > 0);
    },
  },
]);
