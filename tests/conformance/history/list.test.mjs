// Lists of many keys: what they say is what get says, key by key, also while somebody writes; nothing stays behind.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { connect as connectClient } from "@nats-io/transport-node";
import { connect } from "../../../dist/nats/index.js";
import { all, histories, until } from "./histories.mjs";

const inParts = async (number, work, part = 250) => {
  for (let at = 0; at < number; at += part)
    await Promise.all(
      Array.from({ length: Math.min(part, number - at) }, (_, index) => work(at + index)),
    );
};

/** All that an entry says of itself but for its value, and where in a read it came. */
const metadata = (entry) => ({
  key: entry.key,
  bucket: entry.bucket,
  size: entry.size,
  created: entry.created.getTime(),
  revision: entry.revision,
  operation: entry.operation,
  origin: entry.origin,
  expires: entry.expires?.getTime() ?? null,
  headers: entry.headers,
});

/** Values and headers of every kind: none, empty ones, letters of two to four bytes, names that only look like ours. */
const kinds = [
  { value: "", headers: {} },
  { value: "plain", headers: {} },
  { value: "héllo \u{1f40e}", headers: { "KV-Metadata": '{"a":"é\u{1f40e}\ufeff"}' } },
  { value: new Uint8Array(3000).fill(255), headers: { "X-Empty": "", "X-Colon": "a: b: c" } },
  { value: "x", headers: { "X-KV-Operation": "DEL", "X-Operation": "KV-Operation: DEL" } },
  { value: "y", headers: { "X-Reason": "Nats-Marker-Reason: MaxAge", "KV-Expires": "1" } },
];

async function fill(kv, number) {
  const put = (index) => {
    const { value, headers } = kinds[index % kinds.length];
    return kv.put(`k.${index}`, value, { headers });
  };
  await inParts(number, put);
  // A second value of some, in another order; and every way in which a key goes.
  await inParts(number / 5, (index) => put(number - 1 - index * 5));
  await inParts(number / 10, (index) => kv.delete(`k.${index * 10}`));
  await inParts(number / 10, (index) => kv.purge(`k.${index * 10 + 1}`));
  await inParts(number / 50, (index) => kv.erase(`k.${index * 50 + 2}`), 20);
  await inParts(number / 50, (index) => put(index * 50), 20); // some come back
}

async function listsAsGetSays(kv, number) {
  const got = [];
  await inParts(number, async (index) => {
    const entry = await kv.get(`k.${index}`);
    if (entry !== null) got.push(metadata(entry));
  });
  got.sort((left, right) => left.revision - right.revision);
  const listed = await all(kv.list());
  assert.deepEqual(listed.map(metadata), got);
  assert.ok(listed.every(({ value }) => value.byteLength === 0));
  assert.deepEqual(
    await all(kv.keys()),
    got.map(({ key }) => key),
  );
  const some = got.filter(({ key }) => /^k\.7\d*$/.test(key)).map(({ key }) => key);
  for (const key of some)
    assert.deepEqual((await all(kv.list(key))).map(metadata), [
      got.find((entry) => entry.key === key),
    ]);
  assert.deepEqual(await all(kv.keys("other.>")), []);
}

histories("lists", [
  ...[1, 3].map((history) => ({
    name: `a list with metadata says what get says, with ${history} kept`,
    async run({ bucket }) {
      const kv = await bucket({ history });
      await fill(kv, 1000);
      await listsAsGetSays(kv, 1000);
    },
  })),
  {
    name: "keys that are encoded, and a TTL of their own",
    needs: "keyTtl",
    async run({ bucket }) {
      const kv = await bucket({ codecs: { keys: "escape" }, markerTtl: 5 });
      await kv.create("a b", "1", { ttl: 60 });
      await kv.put("ü\u{1f40e}", "2");
      const listed = await all(kv.list());
      assert.deepEqual(listed.map(metadata), [
        metadata(await kv.get("a b")),
        metadata(await kv.get("ü\u{1f40e}")),
      ]);
      assert.ok(listed[0].expires > new Date());
    },
  },
  ...[1, 3].map((history) => ({
    name: `while somebody writes, each key that stays is listed once, in the order of revisions, with ${history} kept`,
    async run({ bucket }) {
      const number = 1500;
      const kv = await bucket({ history });
      await inParts(number, (index) => kv.put(`stays.${index}`, "1"));
      let writing = true;
      const writer = (async () => {
        for (let index = 0; writing; index += 3) {
          await Promise.all([
            kv.put(`stays.${(index * 7919) % number}`, "2"),
            kv.put(`stays.${number - 1 - (index % number)}`, "3"),
            kv.put(`new.${index}`, "4"),
          ]);
          if (index % 9 === 0) await kv.delete(`new.${index}`);
          await setImmediate(); // in memory nothing else waits
        }
      })();
      try {
        for (let round = 0; round < 15; round += 1) {
          const before = (await kv.get("stays.0")).revision;
          const listed = await all(kv.list(round % 2 === 0 ? ">" : "stays.>"));
          const keys = listed.map(({ key }) => key);
          assert.equal(new Set(keys).size, keys.length, "a key is listed twice");
          assert.equal(keys.filter((key) => key.startsWith("stays.")).length, number);
          const revisions = listed.map(({ revision }) => revision);
          assert.deepEqual(
            revisions,
            [...revisions].sort((left, right) => left - right),
          );
          assert.ok(listed.find(({ key }) => key === "stays.0").revision >= before);
        }
      } finally {
        writing = false;
        await writer;
      }
    },
  })),
  {
    name: "a list that is given up, before or while it is read, stops with the signal's reason",
    async run({ bucket }) {
      const kv = await bucket();
      await inParts(600, (index) => kv.put(`k.${index}`, "v"));
      const reason = new Error("enough");
      const rejectsWithReason = (list) => assert.rejects(all(list), (thrown) => thrown === reason);
      await rejectsWithReason(kv.list(">", { signal: AbortSignal.abort(reason) }));
      const soon = new AbortController();
      const reading = rejectsWithReason(kv.list(">", { signal: soon.signal }));
      soon.abort(reason);
      await reading;
      const later = new AbortController();
      let seen = 0;
      const inTheMiddle = (async () => {
        for await (const _entry of kv.list(">", { signal: later.signal })) {
          seen += 1;
          if (seen === 10) later.abort(reason);
        }
      })();
      await assert.rejects(inTheMiddle, (thrown) => thrown === reason);
      assert.equal(seen, 10);
    },
  },
  {
    name: "no consumer stays behind a list, however it ends",
    needs: "server",
    async run({ bucket, url }) {
      const kv = await bucket();
      await inParts(600, (index) => kv.put(`k.${index}`, "v"));
      await all(kv.list());
      await all(kv.keys("k.1"));
      await all(kv.keys("nothing"));
      for await (const _key of kv.keys()) break;
      const early = new AbortController();
      const reading = all(kv.list(">", { signal: early.signal })).catch(() => undefined);
      early.abort();
      await reading;
      const other = await connect({ servers: url });
      const cut = await other.bucket(kv.name);
      const cutReading = all(cut.list()).catch(() => undefined);
      cut.close();
      await cutReading;
      await other.close();
      const connection = await connectClient({ servers: url });
      try {
        const consumers = async () => {
          const answer = await connection.request(`$JS.API.CONSUMER.NAMES.KV_${kv.name}`);
          return answer.json().total;
        };
        await until(async () => (await consumers()) === 0, 2000);
      } finally {
        await connection.close();
      }
    },
  },
]);
