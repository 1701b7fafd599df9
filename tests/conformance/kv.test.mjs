// KV: one suite over every implementation.
import assert from "node:assert/strict";
import { conformance, fails, textOf } from "./implementations.mjs";

const long = (length) => "k".repeat(length);
const names = async (list) => (await list).keys.map(({ name }) => name);

conformance("kv", [
  {
    name: "a value comes back in every type",
    async run(kv) {
      await kv.put("text", "héllo \u{1f40e}");
      await kv.put("json", '{"a":[1,null]}');
      await kv.put("bytes", new Uint8Array([0, 255, 10]));
      assert.equal(await kv.get("text"), "héllo \u{1f40e}");
      assert.equal(await kv.get("text", { type: "text" }), "héllo \u{1f40e}");
      assert.deepEqual(await kv.get("json", "json"), { a: [1, null] });
      assert.deepEqual(
        new Uint8Array(await kv.get("bytes", "arrayBuffer")),
        new Uint8Array([0, 255, 10]),
      );
      assert.equal(await textOf(await kv.get("text", "stream")), "héllo \u{1f40e}");
      await fails(() => kv.get("text", "json"), /JSON/, "SyntaxError");
    },
  },
  {
    name: "a byte order mark is part of a value, and of a key",
    async run(kv) {
      await kv.put("\ufeffkey", "\ufeffvalue");
      assert.equal(await kv.get("\ufeffkey"), "\ufeffvalue");
      assert.deepEqual(await names(kv.list()), ["\ufeffkey"]);
      await fails(() => kv.get("\ufeffkey", "json"), /JSON/, "SyntaxError");
    },
  },
  {
    name: "what is missing is null",
    async run(kv) {
      assert.equal(await kv.get("nothing"), null);
      assert.equal(await kv.get("nothing", "stream"), null);
      assert.deepEqual(await kv.getWithMetadata("nothing"), {
        value: null,
        metadata: null,
        cacheStatus: null,
      });
      await kv.delete("nothing");
    },
  },
  {
    name: "empty values are values",
    async run(kv) {
      await kv.put("empty", "");
      await kv.put("bytes", new ArrayBuffer(0));
      assert.equal(await kv.get("empty"), "");
      assert.equal((await kv.get("bytes", "arrayBuffer")).byteLength, 0);
      assert.equal(await textOf(await kv.get("empty", "stream")), "");
    },
  },
  {
    name: "only the window of a view is stored",
    async run(kv) {
      await kv.put("view", new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
      assert.deepEqual(new Uint8Array(await kv.get("view", "arrayBuffer")), new Uint8Array([2, 3]));
      await kv.put("view", new DataView(new Uint8Array([1, 2, 3]).buffer, 2));
      assert.deepEqual(new Uint8Array(await kv.get("view", "arrayBuffer")), new Uint8Array([3]));
    },
  },
  {
    name: "simple values are stored as their strings, others are refused",
    async run(kv) {
      for (const value of [5, true, null, undefined]) {
        await kv.put("simple", value);
        assert.equal(await kv.get("simple"), String(value));
      }
      await fails(
        () => kv.put("object", { a: 1 }),
        "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.",
        "TypeError",
      );
    },
  },
  {
    name: "a stream of any length is a value",
    async run(kv) {
      const chunks = [new Uint8Array(70_000).fill(1), new Uint8Array(5).fill(2)];
      await kv.put("stream", new Blob(chunks).stream());
      const bytes = new Uint8Array(await kv.get("stream", "arrayBuffer"));
      assert.equal(bytes.byteLength, 70_005);
      assert.equal(bytes[69_999], 1);
      assert.equal(bytes[70_000], 2);
    },
  },
  {
    name: "metadata is any JSON and goes with the next put",
    async run(kv) {
      for (const metadata of [{ a: "é" }, [1], "text", 5, 0, false, ""]) {
        await kv.put("key", "v", { metadata });
        assert.deepEqual((await kv.getWithMetadata("key")).metadata, metadata);
      }
      await kv.put("key", "v");
      assert.equal((await kv.getWithMetadata("key")).metadata, null);
    },
  },
  {
    name: "keys that file systems take for the same are apart",
    async run(kv) {
      const keys = [
        "foo",
        "FOO",
        "foo/bar",
        "a:b",
        "a",
        "...",
        "é",
        "e\u0301",
        "CON",
        "nul.txt",
        "a\0b",
        " ",
        "%41",
        "\u{1f40e}",
        "a\nb",
      ];
      for (const key of keys) await kv.put(key, `value of ${key}`);
      for (const key of keys) assert.equal(await kv.get(key), `value of ${key}`);
      assert.equal((await kv.list()).keys.length, keys.length);
    },
  },
  {
    name: "keys have limits",
    async run(kv) {
      await kv.put(long(512), "v");
      assert.equal(await kv.get(long(512)), "v");
      const told = "UTF-8 encoded length of 513 exceeds key length limit of 512.";
      await fails(() => kv.put(long(513), "v"), `KV PUT failed: 414 ${told}`);
      await fails(() => kv.get(long(513)), `KV GET failed: 414 ${told}`);
      await fails(() => kv.delete(long(513)), `KV DELETE failed: 414 ${told}`);
      await fails(() => kv.put("é".repeat(257), "v"), /514 exceeds/);
      await fails(() => kv.put("", "v"), "Key name cannot be empty.", "TypeError");
      await fails(() => kv.get("."), '"." is not allowed as a key name.', "TypeError");
      await fails(() => kv.delete(".."), '".." is not allowed as a key name.', "TypeError");
    },
  },
  {
    name: "expiry, metadata and cacheTtl have limits",
    async run(kv) {
      const invalid = (what, rest) => `KV PUT failed: 400 Invalid ${what}. ${rest}`;
      for (const [ttl, shown] of [
        [0, "0"],
        [NaN, "0"],
        [-5, "-5"],
      ]) {
        await fails(
          () => kv.put("key", "v", { expirationTtl: ttl }),
          invalid(`expiration_ttl of ${shown}`, "Please specify integer greater than 0."),
        );
      }
      await fails(
        () => kv.put("key", "v", { expirationTtl: 59 }),
        invalid("expiration_ttl of 59", "Expiration TTL must be at least 60."),
      );
      await fails(
        () => kv.put("key", "v", { expiration: 10 }),
        invalid(
          "expiration of 10",
          "Please specify integer greater than the current number of seconds since the UNIX epoch.",
        ),
      );
      const soon = Math.floor(Date.now() / 1000) + 30;
      await fails(
        () => kv.put("key", "v", { expiration: soon }),
        invalid(
          `expiration of ${soon}`,
          "Expiration times must be at least 60 seconds in the future.",
        ),
      );
      await kv.put("key", "v", { metadata: "m".repeat(1022) });
      await fails(
        () => kv.put("key", "v", { metadata: "m".repeat(1023) }),
        "KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024.",
      );
      await fails(
        () => kv.get("key", { cacheTtl: 10 }),
        "KV GET failed: 400 Invalid cache_ttl of 10. Cache TTL must be at least 30.",
      );
    },
  },
  {
    name: "moments and times are whole numbers of 32 bits, as of a Worker's binding",
    only: ["memory", "disk", "history", "nats"], // Node's way to Miniflare's binding makes null of some of them.
    async run(kv) {
      const told = "Value out of range. Must be between -2147483648 and 2147483647 (inclusive).";
      // Milliseconds where seconds belong.
      await fails(() => kv.put("key", "v", { expiration: Date.now() + 1e6 }), told, "TypeError");
      await fails(() => kv.put("key", "v", { expirationTtl: 2 ** 31 }), told, "TypeError");
      await fails(() => kv.get("key", { cacheTtl: 2 ** 31 }), told, "TypeError");
      await fails(() => kv.list({ limit: 2 ** 31 }), told, "TypeError");
      await fails(() => kv.put("key", "v", { expirationTtl: null }), /expiration_ttl of 0/);
      await fails(() => kv.put("key", "v", { expiration: null }), /expiration of 0/);
      await fails(() => kv.get("key", { cacheTtl: null }), /cache_ttl of 0/);
      await fails(() => kv.get("key", { type: null }), /^Unknown response type/, "TypeError");
      await kv.put("key", "v", { expirationTtl: "3600.9" });
      assert.equal((await kv.list({ limit: "1" })).keys.length, 1);
      for (const options of [null, undefined]) {
        await kv.put("key", "v", options);
        assert.equal((await kv.list(options)).keys.length, 1);
      }
      await fails(() => kv.get(Symbol("key")), /Symbol/, "TypeError");
    },
  },
  {
    name: "lists show the deadline in seconds, and the TTL wins",
    async run(kv) {
      const now = Math.floor(Date.now() / 1000);
      await kv.put("a", "v", { expiration: now + 5000, expirationTtl: 100 });
      await kv.put("b", "v", { expiration: now + 500 });
      await kv.put("c", "v", { metadata: 0 });
      const { keys } = await kv.list();
      assert.ok(Math.abs(keys[0].expiration - now - 100) <= 5);
      assert.deepEqual(keys[1], { name: "b", expiration: now + 500 });
      assert.deepEqual(keys[2], { name: "c", metadata: 0 });
    },
  },
  {
    name: "order is that of UTF-8 bytes, prefixes are plain and exact",
    async run(kv) {
      const keys = [
        "o:10",
        "o:9",
        "o:B",
        "o:a",
        "o:é",
        "o:\u{e000}",
        "o:\u{10000}",
        "p",
        "O:1",
        "o_1",
        "o%1",
        "o\\1",
      ];
      for (const key of [...keys].reverse()) await kv.put(key, "v");
      const bytes = (text) => Buffer.from(text);
      const sorted = [...keys].sort((a, b) => Buffer.compare(bytes(a), bytes(b)));
      assert.deepEqual(await names(kv.list()), sorted);
      assert.deepEqual(
        await names(kv.list({ prefix: "o:" })),
        sorted.filter((key) => key.startsWith("o:")),
      );
      for (const prefix of ["o_", "o%", "o\\", "O:"])
        assert.deepEqual(await names(kv.list({ prefix })), [`${prefix}1`]);
      assert.deepEqual(await names(kv.list({ prefix: "x" })), []);
      assert.deepEqual(await names(kv.list({ prefix: null })), sorted);
      assert.deepEqual(await names(kv.list({ prefix: "", cursor: "" })), sorted);
    },
  },
  {
    name: "pages go on where the last ended, whatever is put between",
    async run(kv) {
      for (let index = 0; index < 7; index += 1) await kv.put(`k${index}`, "v");
      const first = await kv.list({ limit: 3 });
      assert.equal(first.list_complete, false);
      await kv.put("k00", "before the cursor");
      await kv.put("k25", "behind it");
      const second = await kv.list({ limit: 2, cursor: first.cursor });
      assert.deepEqual(
        second.keys.map(({ name }) => name),
        ["k25", "k3"],
      );
      const last = await kv.list({ limit: 3, cursor: second.cursor });
      assert.deepEqual(
        last.keys.map(({ name }) => name),
        ["k4", "k5", "k6"],
      );
      assert.equal(last.list_complete, true);
      assert.equal("cursor" in last, false);
      for (const limit of [0, -1, undefined])
        assert.equal((await kv.list({ limit })).keys.length, 9);
      assert.equal((await kv.list({ limit: 1.9 })).keys.length, 1);
      await fails(
        () => kv.list({ limit: 1001 }),
        "KV GET failed: 400 Invalid key_count_limit of 1001. Please specify an integer less than 1000.",
      );
      await fails(() => kv.list({ prefix: long(513) }), /^KV GET failed: 414/);
    },
  },
  {
    name: "a cursor that no list gave is refused",
    differs: "KV cursors",
    async run(kv) {
      await fails(
        () => kv.list({ cursor: "junk!" }),
        "KV GET failed: 400 The cursor is not one that a list has given.",
      );
    },
  },
  {
    name: "a prefix may hold NUL",
    differs: "NUL in prefixes",
    async run(kv) {
      await kv.put("a\0b", "v");
      assert.deepEqual(await names(kv.list({ prefix: "a\0" })), ["a\0b"]);
    },
  },
  {
    name: "up to 100 keys are read at once",
    async run(kv) {
      await kv.put("a", "1", { metadata: 0 });
      await kv.put("b", "");
      await kv.put("bad", "{");
      assert.deepEqual(
        await kv.get(["a", "b", "c", "a"]),
        new Map([
          ["a", "1"],
          ["b", ""],
          ["c", null],
        ]),
      );
      assert.deepEqual(await kv.get(["a"], "json"), new Map([["a", 1]]));
      assert.deepEqual(
        await kv.getWithMetadata(["a", "c"]),
        new Map([
          ["a", { value: "1", metadata: 0 }],
          ["c", null],
        ]),
      );
      const many = (length) => Array.from({ length }, (_, index) => `k${index}`);
      assert.equal((await kv.get(many(100))).size, 100);
      await fails(
        () => kv.get(many(101)),
        "KV GET_BULK failed: 400 You can request a maximum of 100 keys",
      );
      await fails(() => kv.get([]), "KV GET_BULK failed: 400 You must request a minimum of 1 key");
      await fails(
        () => kv.get(["a"], "stream"),
        'KV GET_BULK failed: 400 "stream" is not a valid type. Use "json" or "text"',
      );
      await fails(() => kv.get(["a", ""]), "KV GET_BULK failed: 400 Key names must not be empty");
      await fails(
        () => kv.get(["a", ".."]),
        'KV GET_BULK failed: 400 Illegal key name "..". Please use a different name.',
      );
      await kv.put("null", "null", { metadata: 1 });
      assert.deepEqual(await kv.getWithMetadata(["null"], "json"), new Map([["null", null]]));
      await fails(
        () => kv.get(["bad"], "json"),
        "KV GET_BULK failed: 400 At least one of the requested keys corresponds to a non-json value",
      );
    },
  },
  {
    name: "puts at once leave one whole value",
    async run(kv) {
      for (let round = 0; round < 10; round += 1) {
        const values = ["a", "b", "c"].map((letter) => letter.repeat(20_000));
        await Promise.all(values.map((value) => kv.put("key", value)));
        assert.ok(values.includes(await kv.get("key")));
      }
    },
  },
  {
    name: "a value has at most 25 MiB",
    only: ["memory", "disk"],
    async run(kv) {
      const most = 25 * 1024 * 1024;
      await kv.put("most", new Uint8Array(most));
      const told = `KV PUT failed: 413 Value length of ${most + 1} exceeds limit of ${most}.`;
      await fails(() => kv.put("most", new Uint8Array(most + 1)), told);
      await fails(
        () => kv.put("most", new Blob([new Uint8Array(most), "x"]).stream()),
        /^KV PUT failed: 413/,
      );
      assert.equal((await kv.get("most", "arrayBuffer")).byteLength, most);
    },
  },
  {
    name: "halves of surrogate pairs are one key",
    only: ["memory", "disk", "history", "nats"],
    async run(kv) {
      await kv.put("\ud800", "v");
      assert.equal(await kv.get("\ud801"), "v");
      assert.deepEqual(await names(kv.list()), ["\ufffd"]);
    },
  },
]);
