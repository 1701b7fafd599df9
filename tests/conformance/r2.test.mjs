// R2: one suite over every implementation.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { conformance, fails, textOf } from "./implementations.mjs";

const ten = "0123456789";
const md5 = (text) => createHash("md5").update(text).digest("hex");
const part = (byte) => new Uint8Array(5 * 1024 * 1024).fill(byte);
const keys = (list) => list.objects.map(({ key }) => key);
const notSatisfiable = "get: The requested range is not satisfiable (10039)";

conformance("r2", [
  {
    name: "an object has a head and a body",
    async run(r2) {
      const put = await r2.put("a/b", ten, {
        httpMetadata: {
          contentType: "text/plain",
          cacheControl: "no-cache",
          cacheExpiry: new Date(5000),
        },
        customMetadata: { one: "1", two: 2 },
      });
      for (const object of [put, await r2.head("a/b"), await r2.get("a/b")]) {
        assert.equal(object.key, "a/b");
        assert.equal(object.size, 10);
        assert.equal(object.etag, md5(ten));
        assert.equal(object.httpEtag, `"${md5(ten)}"`);
        assert.ok(Math.abs(object.uploaded - Date.now()) < 60_000);
        assert.deepEqual(object.checksums.toJSON(), { md5: md5(ten) });
        assert.deepEqual(object.httpMetadata, {
          contentType: "text/plain",
          cacheControl: "no-cache",
          cacheExpiry: new Date(5000),
        });
        assert.deepEqual(object.customMetadata, { one: "1", two: "2" });
        assert.equal(object.version, put.version);
      }
      const got = await r2.get("a/b");
      assert.equal(await got.text(), ten);
      assert.equal(await textOf((await r2.get("a/b")).body), ten);
      assert.equal((await (await r2.get("a/b")).arrayBuffer()).byteLength, 10);
      assert.equal(await r2.get("nothing"), null);
      assert.equal(await r2.head("nothing"), null);
    },
  },
  {
    name: "every put is another version",
    async run(r2) {
      const first = await r2.put("key", "1");
      const second = await r2.put("key", "1");
      assert.notEqual(first.version, second.version);
      assert.deepEqual((await r2.head("key")).customMetadata, {});
    },
  },
  {
    name: "values of every type, and nothing",
    async run(r2) {
      for (const [value, text] of [
        ["héllo", "héllo"],
        [new TextEncoder().encode("x"), "x"],
        [new Uint8Array([65, 66, 67]).subarray(1), "BC"],
        [null, ""],
        ["", ""],
      ]) {
        await r2.put("key", value);
        assert.equal(await (await r2.get("key")).text(), text);
      }
      await fails(
        () => r2.put("key", 5),
        /^Failed to execute 'put' on 'R2Bucket': parameter 2/,
        "TypeError",
      );
      await fails(() => r2.put("key"), /parameter 2/, "TypeError");
    },
  },
  {
    name: "metadata may come as headers",
    async run(r2) {
      const headers = new Headers({
        "content-type": "text/x",
        "content-language": "de",
        expires: "Wed, 21 Oct 2015 07:28:00 GMT",
      });
      const { httpMetadata } = await r2.put("key", "v", { httpMetadata: headers });
      assert.deepEqual(httpMetadata, {
        contentType: "text/x",
        contentLanguage: "de",
        cacheExpiry: new Date("2015-10-21T07:28:00Z"),
      });
    },
  },
  {
    name: "a range is cut to the object",
    async run(r2) {
      await r2.put("key", ten);
      for (const [range, text, told] of [
        [{ offset: 3 }, "3456789", { offset: 3, length: 7 }],
        [{ length: 2 }, "01", { offset: 0, length: 2 }],
        [{ offset: 8, length: 50 }, "89", { offset: 8, length: 2 }],
        [{ suffix: 3 }, "789", { offset: 7, length: 3 }],
        [{ suffix: 30 }, ten, { offset: 0, length: 10 }],
        [new Headers({ range: "bytes=2-4" }), "234", { offset: 2, length: 3 }],
        [new Headers({ range: "bytes=2-4,6-7" }), ten, { offset: 0, length: 10 }],
        [new Headers({ range: "bytes=20-" }), ten, { offset: 0, length: 10 }],
        [new Headers({ range: "lines=1-2" }), ten, { offset: 0, length: 10 }],
        [new Headers({}), ten, { offset: 0, length: 10 }],
      ]) {
        const object = await r2.get("key", { range });
        assert.equal(await object.text(), text);
        assert.deepEqual(object.range, told);
        assert.equal(object.size, 10);
      }
    },
  },
  {
    name: "a range that cannot be had says why",
    async run(r2) {
      await r2.put("key", ten);
      await r2.put("empty", "");
      for (const range of [{ offset: 10 }, { offset: 20 }, { length: 0 }, { suffix: 0 }])
        await fails(() => r2.get("key", { range }), notSatisfiable);
      await fails(() => r2.get("empty", { range: { offset: 0 } }), notSatisfiable);
      await fails(
        () => r2.get("key", { range: { offset: -1 } }),
        "Invalid range. Starting offset (-1) must be greater than or equal to 0.",
        "RangeError",
      );
      await fails(
        () => r2.get("key", { range: { offset: 1.5 } }),
        "Invalid range. Starting offset (1.5) must be an integer, not floating point.",
        "RangeError",
      );
      await fails(
        () => r2.get("key", { range: { offset: 1, suffix: 1 } }),
        "Suffix is incompatible with offset.",
        "TypeError",
      );
      await fails(
        () => r2.get("key", { range: { suffix: -1 } }),
        "Invalid suffix. Suffix (-1) must be greater than or equal to 0.",
        "RangeError",
      );
      // Whether there is an object or not.
      await fails(
        () => r2.get("nothing", { range: { offset: -1 } }),
        /offset \(-1\)/,
        "RangeError",
      );
      assert.equal(await r2.get("nothing", { range: { length: 0 } }), null);
    },
  },
  {
    name: "options have the types that a Worker's binding asks for",
    only: ["memory", "disk"], // Node's way to Miniflare's binding converts them itself.
    async run(r2) {
      const not = (field, of, type) =>
        `Incorrect type for the '${field}' field on '${of}': the provided value is not of type '${type}'.`;
      await r2.put("key", "v", null);
      assert.equal((await r2.list(null)).objects.length, 1);
      assert.equal((await r2.get("key", null)).size, 1);
      for (const field of ["prefix", "delimiter", "cursor", "startAfter"])
        await fails(
          () => r2.list({ [field]: null }),
          not(field, "ListOptions", "string"),
          "TypeError",
        );
      await fails(
        () => r2.list({ include: null }),
        not("include", "ListOptions", "Array"),
        "TypeError",
      );
      await fails(() => r2.list({ limit: null }), /\(10022\)$/);
      await fails(
        () => r2.get("key", { onlyIf: { etagMatches: null } }),
        not("etagMatches", "Conditional", "string"),
        "TypeError",
      );
      await fails(
        () => r2.get("key", { onlyIf: { uploadedBefore: "2020-01-01" } }),
        not("uploadedBefore", "Conditional", "date"),
        "TypeError",
      );
      await fails(
        () => r2.put("key", "v", { httpMetadata: { cacheExpiry: new Date("never") } }),
        "The value cannot be converted because it is not a valid Date.",
        "TypeError",
      );
      await fails(
        () => r2.put("key", "v", { md5: null }),
        not("md5", "PutOptions", "BufferSource or string"),
        "TypeError",
      );
    },
  },
  {
    name: "a range of a length that begins at the end cannot be had",
    differs: "Ranges at the end",
    async run(r2) {
      await r2.put("key", ten);
      await fails(() => r2.get("key", { range: { offset: 10, length: 1 } }), notSatisfiable);
    },
  },
  {
    name: "conditions on a read leave the body out",
    async run(r2) {
      const { etag, uploaded } = await r2.put("key", ten);
      const has = async (onlyIf) => (await r2.get("key", { onlyIf })).body !== undefined;
      assert.equal(await has({ etagMatches: etag }), true);
      assert.equal(await has({ etagMatches: "other" }), false);
      assert.equal(await has({ etagDoesNotMatch: etag }), false);
      assert.equal(await has({ etagDoesNotMatch: "*" }), false);
      assert.equal(await has({ etagMatches: "*" }), true);
      assert.equal(await has({ uploadedBefore: new Date(+uploaded) }), false);
      assert.equal(await has({ uploadedBefore: new Date(+uploaded + 1) }), true);
      assert.equal(await has({ uploadedAfter: new Date(+uploaded) }), false);
      assert.equal(await has({ uploadedAfter: new Date(+uploaded - 1) }), true);
      assert.equal(await has({ etagMatches: etag, uploadedBefore: new Date(0) }), true);
      assert.equal(
        await has({ etagDoesNotMatch: "other", uploadedAfter: new Date(+uploaded + 9999) }),
        true,
      );
      assert.equal(await has(new Headers({ "if-match": `"${etag}"` })), true);
      assert.equal(await has(new Headers({ "if-match": `W/"${etag}"` })), false);
      assert.equal(await has(new Headers({ "if-none-match": `W/"${etag}", "x"` })), false);
      await fails(
        () => r2.get("key", { onlyIf: { etagMatches: '"x"' } }),
        'Conditional ETag should not be wrapped in quotes ("x").',
        "TypeError",
      );
    },
  },
  {
    name: "conditions on a write keep what is there",
    async run(r2) {
      const create = { onlyIf: { etagDoesNotMatch: "*" } };
      assert.notEqual(await r2.put("key", "1", create), null);
      assert.equal(await r2.put("key", "2", create), null);
      assert.equal(await (await r2.get("key")).text(), "1");
      assert.equal(await r2.put("new", "1", { onlyIf: { etagMatches: "*" } }), null);
      assert.equal(await r2.put("new", "1", { onlyIf: { uploadedAfter: new Date(0) } }), null);
      assert.notEqual(await r2.put("new", "1", { onlyIf: { uploadedBefore: new Date(0) } }), null);
      const { etag } = await r2.head("key");
      assert.notEqual(await r2.put("key", "3", { onlyIf: { etagMatches: etag } }), null);
      assert.equal(await r2.put("key", "4", { onlyIf: { etagMatches: etag } }), null);
      assert.equal(await (await r2.get("key")).text(), "3");
    },
  },
  {
    name: "checksums are verified and kept",
    async run(r2) {
      const digest = (name) => createHash(name).update(ten).digest();
      for (const name of ["sha1", "sha256", "sha384", "sha512"]) {
        const object = await r2.put(name, ten, { [name]: digest(name).toString("hex") });
        assert.deepEqual(object.checksums.toJSON(), {
          md5: md5(ten),
          [name]: digest(name).toString("hex"),
        });
      }
      await r2.put("md5", ten, { md5: new Uint8Array(digest("md5")).buffer });
      await fails(
        () => r2.put("bad", "x", { md5: md5("") }),
        `put: The MD5 checksum you specified did not match what we received.\nYou provided a MD5 checksum with value: ${md5("")}\nActual MD5 was: ${md5("x")} (10037)`,
      );
      assert.equal(await r2.head("bad"), null);
      await fails(
        () => r2.put("bad", "x", { md5: "d41d" }),
        "MD5 is 32 hex characters, not 4",
        "TypeError",
      );
      await fails(
        () => r2.put("bad", "x", { sha1: "zz" }),
        "SHA-1 is 40 hex characters, not 2",
        "TypeError",
      );
      await fails(
        () => r2.put("bad", "x", { md5: md5(""), sha1: "0".repeat(40) }),
        "You cannot specify multiple hashing algorithms.",
        "TypeError",
      );
    },
  },
  {
    name: "keys and metadata have limits; the empty key is one",
    async run(r2) {
      const long = "k".repeat(1025);
      const told = "The specified object name is not valid. (10020)";
      await fails(() => r2.put(long, "x"), `put: ${told}`);
      await fails(() => r2.get(long), `get: ${told}`);
      await fails(() => r2.head(long), `head: ${told}`);
      await fails(() => r2.delete(long), `delete: ${told}`);
      await r2.put("k".repeat(1024), "x", { customMetadata: { k: "v".repeat(8191) } });
      await fails(
        () => r2.put("key", "x", { customMetadata: { k: "v".repeat(8192) } }),
        "put: Your metadata headers exceed the maximum allowed metadata size. (10012)",
      );
      await r2.put("", "empty");
      assert.equal(await (await r2.get("")).text(), "empty");
      assert.deepEqual(keys(await r2.list({ limit: 1 })), [""]);
    },
  },
  {
    name: "one key or many are deleted",
    async run(r2) {
      for (const key of ["a", "b", "c"]) await r2.put(key, key);
      await r2.delete("a");
      await r2.delete(["b", "nothing"]);
      await r2.delete("nothing");
      assert.deepEqual(keys(await r2.list()), ["c"]);
    },
  },
  {
    name: "at most 1000 keys are deleted at once",
    differs: "R2 delete",
    async run(r2) {
      const many = Array.from({ length: 1001 }, (_, index) => `k${index}`);
      await fails(() => r2.delete(many), /10022/);
    },
  },
  {
    name: "a list is in byte order, in pages",
    async run(r2) {
      const all = ["a", "a/1", "a/2", "b", "é", "\u{e000}", "\u{10000}"];
      for (const key of [...all].reverse()) await r2.put(key, "v");
      assert.deepEqual(keys(await r2.list()), all);
      assert.deepEqual(keys(await r2.list({ prefix: "a/" })), ["a/1", "a/2"]);
      assert.deepEqual(keys(await r2.list({ startAfter: "a/1" })), all.slice(2));
      const seen = [];
      let page = await r2.list({ limit: 3 });
      for (;;) {
        seen.push(...keys(page));
        if (!page.truncated) break;
        page = await r2.list({ limit: 3, cursor: page.cursor });
      }
      assert.deepEqual(seen, all);
      assert.equal(page.cursor, undefined);
      const first = await r2.list({ limit: 2 });
      assert.deepEqual(
        keys(await r2.list({ cursor: first.cursor, startAfter: "b" })),
        all.slice(4),
      );
      assert.deepEqual(keys(await r2.list({ limit: 7 })), all);
      assert.equal((await r2.list({ limit: 7 })).truncated, false);
      for (const limit of [0, 1001])
        await fails(
          () => r2.list({ limit }),
          "list: MaxKeys params must be positive integer <= 1000. (10022)",
        );
      await fails(() => r2.list({ include: ["x"] }), "Unsupported include value x", "RangeError");
    },
  },
  {
    name: "a cursor that no list gave finds nothing",
    async run(r2) {
      await r2.put("a", "v");
      const page = await r2.list({ cursor: "junk!" });
      assert.deepEqual([keys(page), page.truncated], [[], false]);
    },
  },
  {
    name: "metadata is listed when it is asked for",
    async run(r2) {
      await r2.put("a", "v", { httpMetadata: { contentType: "x/y" }, customMetadata: { k: "v" } });
      const one = async (include) => (await r2.list({ include })).objects[0];
      assert.deepEqual((await one([])).httpMetadata, {});
      assert.deepEqual((await one([])).customMetadata, {});
      assert.deepEqual((await one(["httpMetadata"])).httpMetadata, { contentType: "x/y" });
      assert.deepEqual((await one(["httpMetadata"])).customMetadata, {});
      assert.deepEqual((await one(["customMetadata", "httpMetadata"])).customMetadata, { k: "v" });
    },
  },
  {
    name: "a delimiter makes groups",
    async run(r2) {
      for (const key of ["a", "dir/1", "dir/2/x", "dir/3", "other/1", "z", "dir--x"])
        await r2.put(key, "v");
      const whole = await r2.list({ delimiter: "/" });
      assert.deepEqual(
        [keys(whole), whole.delimitedPrefixes],
        [
          ["a", "dir--x", "z"],
          ["dir/", "other/"],
        ],
      );
      const inner = await r2.list({ prefix: "dir/", delimiter: "/" });
      assert.deepEqual([keys(inner), inner.delimitedPrefixes], [["dir/1", "dir/3"], ["dir/2/"]]);
      const long = await r2.list({ delimiter: "--" });
      assert.deepEqual(long.delimitedPrefixes, ["dir--"]);
      const after = await r2.list({ delimiter: "/", startAfter: "dir/2" });
      assert.deepEqual([keys(after), after.delimitedPrefixes], [["z"], ["dir/", "other/"]]);
      assert.equal(keys(await r2.list({ delimiter: "" })).length, 7);
      const seen = [];
      let cursor;
      do {
        const page = await r2.list({ delimiter: "/", limit: 2, cursor });
        assert.ok(page.objects.length + page.delimitedPrefixes.length <= 2);
        seen.push(...keys(page), ...page.delimitedPrefixes);
        cursor = page.truncated ? page.cursor : undefined;
      } while (cursor !== undefined);
      assert.deepEqual(seen.sort(), ["a", "dir--x", "dir/", "other/", "z"]);
    },
  },
  {
    name: "a group that was shown does not come again for a key put into it",
    differs: "Groups and cursors",
    async run(r2) {
      for (const key of ["dir/1", "z"]) await r2.put(key, "v");
      const page = await r2.list({ delimiter: "/", limit: 1 });
      await r2.put("dir/2", "v");
      const next = await r2.list({ delimiter: "/", cursor: page.cursor });
      assert.deepEqual([keys(next), next.delimitedPrefixes], [["z"], []]);
    },
  },
  {
    name: "parts become an object",
    async run(r2) {
      const upload = await r2.createMultipartUpload("big", {
        httpMetadata: { contentType: "x/y" },
        customMetadata: { k: "v" },
      });
      assert.equal(upload.key, "big");
      const second = await upload.uploadPart(2, "tail");
      await upload.uploadPart(1, part(9));
      const first = await upload.uploadPart(1, part(1));
      assert.equal(await r2.head("big"), null);
      const object = await r2
        .resumeMultipartUpload("big", upload.uploadId)
        .complete([second, first].reverse());
      assert.equal(object.size, 5 * 1024 * 1024 + 4);
      const digests = [part(1), Buffer.from("tail")].map((bytes) =>
        createHash("md5").update(bytes).digest(),
      );
      assert.equal(object.etag, `${md5(Buffer.concat(digests))}-2`);
      assert.deepEqual(object.checksums.toJSON(), {});
      assert.deepEqual(object.httpMetadata, { contentType: "x/y" });
      assert.equal(await (await r2.get("big", { range: { suffix: 4 } })).text(), "tail");
      const across = await r2.get("big", { range: { offset: 5 * 1024 * 1024 - 2, length: 4 } });
      assert.equal(await across.text(), "\u0001\u0001ta");
      assert.equal((await (await r2.get("big")).arrayBuffer()).byteLength, object.size);
      await r2.put("big", "small");
      assert.equal(await (await r2.get("big")).text(), "small");
    },
  },
  {
    name: "an upload says what is wrong with it",
    async run(r2) {
      const complete = (message) => `completeMultipartUpload: ${message}`;
      const upload = await r2.createMultipartUpload("key");
      const one = await upload.uploadPart(1, "x");
      const two = await upload.uploadPart(2, "y");
      await fails(
        () => upload.complete([one, two]),
        complete("Your proposed upload is smaller than the minimum allowed object size. (10011)"),
      );
      await fails(
        () => upload.complete([one, one]),
        complete("We encountered an internal error. Please try again. (10001)"),
      );
      await fails(
        () => upload.complete([{ partNumber: 1, etag: "no" }]),
        complete("One or more of the specified parts could not be found. (10025)"),
      );
      await fails(
        () => upload.uploadPart(0, "x"),
        "Part number must be between 1 and 10000 (inclusive). Actual value was: 0",
        "TypeError",
      );
      await fails(() => upload.uploadPart(10_001, "x"), /Actual value was: 10001/, "TypeError");
      await fails(() => upload.uploadPart("x", "x"), /Actual value was: 0/, "TypeError");
      assert.equal((await upload.uploadPart("2.5", "x")).partNumber, 2);
      await upload.complete([one]);
      await fails(
        () => upload.complete([one]),
        complete("The specified multipart upload does not exist. (10024)"),
      );
      await upload.abort();
      assert.equal((await r2.head("key")).size, 1);
      const unknown = r2.resumeMultipartUpload("key", "nothing");
      await fails(
        () => unknown.uploadPart(1, "x"),
        "uploadPart: The specified multipart upload does not exist. (10024)",
      );
      await fails(
        () => unknown.complete([]),
        complete("We encountered an internal error. Please try again. (10001)"),
      );
      await fails(
        () => unknown.abort(),
        "abortMultipartUpload: We encountered an internal error. Please try again. (10001)",
      );
    },
  },
  {
    name: "unequal parts are refused, an upload of none is an empty object, an aborted one is over",
    async run(r2) {
      const upload = await r2.createMultipartUpload("key");
      const one = await upload.uploadPart(1, part(1));
      const two = await upload.uploadPart(2, new Uint8Array(5 * 1024 * 1024 + 1));
      await fails(() => upload.complete([one, two]), /\(10048\)$/);
      await upload.abort();
      await upload.abort();
      await fails(() => upload.uploadPart(1, "x"), /\(10024\)$/);
      await fails(() => upload.complete([]), /\(10024\)$/);
      const none = await (await r2.createMultipartUpload("none")).complete([]);
      assert.equal(none.etag, `${md5("")}-0`);
      assert.equal(await (await r2.get("none")).text(), "");
    },
  },
  {
    name: "an object is read to its end when it is replaced meanwhile",
    async run(r2) {
      await r2.put("key", new Uint8Array(300_000).fill(1));
      const { body } = await r2.get("key");
      await r2.put("key", new Uint8Array(300_000).fill(2));
      await r2.delete("key");
      const bytes = Buffer.from(await textOf(body));
      assert.equal(bytes.length, 300_000);
      assert.ok(bytes.every((byte) => byte === 1));
    },
  },
]);
