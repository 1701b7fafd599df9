// Where a bucket lies and who may ask: streams and subjects of other names, users, tokens, TLS.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { connect as connectClient } from "@nats-io/transport-node";
import { BucketDiffers, connect, InvalidOption, Unavailable } from "../../../dist/nats/index.js";
import { natsServers, noServer, startNats } from "../../support/nats-server.mjs";
import { all, histories, rejects, take } from "./histories.mjs";

const newest = natsServers().at(-1);

histories("names of one's own", [
  {
    name: "a bucket on a stream and on subjects of other names",
    needs: "server",
    async run({ history, url }) {
      const names = { stream: "SHOP_SETTINGS", subject: "shop.settings" };
      const kv = await history.bucket("settings", { history: 3, ...names });
      const other = await connectClient({ servers: url });
      const subjects = [];
      other.subscribe("shop.settings.>", { callback: (_, { subject }) => subjects.push(subject) });
      await other.flush();
      const watch = kv.watch({ key: "color.*" });
      assert.deepEqual(await take(watch, 1), [null]);
      const first = await kv.put("color.page", "red");
      const second = await kv.update("color.page", "blue", first);
      await kv.put("size", "12");
      assert.deepEqual(await take(watch, 2), [
        ["color.page", "PUT", "red", first],
        ["color.page", "PUT", "blue", second],
      ]);
      await watch.return();
      assert.equal((await kv.get("color.page")).string(), "blue");
      assert.equal((await kv.get("color.page", { stale: true })).string(), "blue");
      assert.equal((await kv.get("color.page", { revision: first })).string(), "red");
      assert.deepEqual((await all(kv.keys())).sort(), ["color.page", "size"]);
      assert.equal((await kv.history("color.page")).length, 2);
      await kv.compact("color.page", 1);
      assert.equal((await kv.history("color.page")).length, 1);
      await kv.erase("size");
      assert.deepEqual(await kv.history("size"), []);
      await other.flush();
      await other.close();
      assert.deepEqual(
        [...new Set(subjects)].filter((subject) => !subject.includes("_kv")).sort(),
        ["shop.settings.color.page", "shop.settings.size"],
      );
      assert.equal((await kv.status()).stream, "SHOP_SETTINGS");

      // By its stream alone: its subjects are the stream's.
      const again = await history.bucket("settings", { stream: "SHOP_SETTINGS", create: false });
      assert.equal((await again.get("color.page")).string(), "blue");
      await rejects(() => history.bucket("settings", { ...names, history: 4 }), BucketDiffers);
      assert.ok(!(await history.buckets()).includes("settings"), "its stream is not named as one");
      const usual = await history.bucket("settings");
      assert.equal(await usual.get("color.page"), null, "the name alone is another stream");
      await usual.destroy();
      await kv.destroy();
    },
  },
  {
    name: "names that cannot be are refused before a server is asked",
    async run({ history }) {
      for (const names of [
        { stream: "a b" },
        { stream: "a.b" },
        { stream: "a*" },
        { stream: "" },
        { subject: "a..b" },
        { subject: "a.>" },
        { subject: "a b" },
        { subject: "" },
      ])
        await rejects(() => history.bucket("names", names), InvalidOption);
    },
  },
]);

describe("who may ask", { skip: newest === undefined ? noServer : false }, () => {
  /** A server with these settings, for as long as the test runs. */
  const serverWith = async (t, ...settings) => {
    const server = await startNats(newest, { settings });
    t.after(() => server.stop());
    return server;
  };
  const works = async (t, options) => {
    const history = await connect({ timeout: 2000, ...options });
    t.after(() => history.close());
    const bucket = await history.bucket("who");
    const revision = await bucket.put("k", "v");
    assert.equal((await bucket.get("k")).revision, revision);
  };
  const refused = (options, why) =>
    assert.rejects(connect({ timeout: 1000, ...options }), (error) => {
      assert.ok(error instanceof Unavailable, error);
      assert.match(error.message, why);
      assert.doesNotMatch(error.message, /secret/, "no password is told");
      return true;
    });

  test("a user with a password", async (t) => {
    const { port } = await serverWith(t, 'authorization { user: ada, password: "se/cret@1" }');
    const servers = `nats://127.0.0.1:${port}`;
    await works(t, { servers, user: "ada", pass: "se/cret@1" });
    await works(t, { servers: `nats://ada:se%2Fcret%401@127.0.0.1:${port}` });
    await refused({ servers }, /authorization|authentication/i);
    await refused({ servers, user: "ada", pass: "secret" }, /authorization|authentication/i);
    await refused({ servers: `nats://ada:secret@127.0.0.1:${port}` }, /authorization/i);
    await assert.rejects(
      connect({ servers: [`nats://ada:a@127.0.0.1:${port}`, `nats://eve:b@127.0.0.1:${port}`] }),
      /the servers' addresses name different users/,
    );
  });

  test("a token", async (t) => {
    const { port } = await serverWith(t, "authorization { token: open-sesame }");
    await works(t, { servers: `nats://127.0.0.1:${port}`, token: "open-sesame" });
    await works(t, { servers: `open-sesame@127.0.0.1:${port}` });
    await refused({ servers: `127.0.0.1:${port}`, token: "secret" }, /authorization/i);
  });

  test("TLS by a certificate that somebody made", async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), "cloesce-tls-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const [key, certificate] = ["key.pem", "cert.pem"].map((name) => path.join(folder, name));
    try {
      execFileSync(
        "openssl",
        [
          ...[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
          ],
          ...[
            "-days",
            "2",
            "-subj",
            "/CN=127.0.0.1",
            "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:localhost",
          ],
          ...["-keyout", key, "-out", certificate],
        ],
        { stdio: "ignore" },
      );
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
      t.skip("no openssl is there to make a certificate");
      return;
    }
    const { port } = await serverWith(t, `tls { cert_file: "${certificate}", key_file: "${key}" }`);
    const servers = `nats://127.0.0.1:${port}`;
    await works(t, { servers, client: { tls: { caFile: certificate } } });
    await works(t, {
      servers: `tls://127.0.0.1:${port}`,
      client: { tls: { caFile: certificate } },
    });
    await refused({ servers, client: { tls: {} } }, /certificate/i);
    await refused({ servers: `tls://127.0.0.1:${port}` }, /certificate/i);
  });
});
