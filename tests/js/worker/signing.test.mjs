// Signed URLs against the published vectors of AWS Signature Version 4 and two of R2's form.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AwsV4Signer } from "aws4fetch";
import { signingKeys, signUrl } from "../../../dist/stored/signing.js";

const keys = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const r2 = {
  ...keys,
  endpoint: "https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com",
};
const signature = ({ url }) => new URL(url).searchParams.get("X-Amz-Signature");

test("the example of AWS's documentation", async () => {
  const signed = await signUrl(
    { ...keys, endpoint: "https://examplebucket.s3.amazonaws.com" },
    {
      method: "GET",
      bucket: "",
      key: "test.txt",
      expiresIn: 86400,
      region: "us-east-1",
      now: Date.UTC(2013, 4, 24),
    },
  );
  assert.equal(
    signature(signed),
    "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  );
  assert.equal(signed.expires, "2013-05-25T00:00:00.000Z");
});

test("a key with spaces, accents and reserved characters, and overrides of headers", async () => {
  const signed = await signUrl(r2, {
    method: "GET",
    bucket: "my-bucket",
    key: "a b/é+ü&=.txt",
    query: {
      "response-content-disposition": 'attachment; filename="a b.txt"',
      "response-content-type": "text/plain; charset=utf-8",
    },
    expiresIn: 3600,
    now: Date.UTC(2026, 0, 1),
  });
  assert.equal(new URL(signed.url).pathname, "/my-bucket/a%20b/%C3%A9%2B%C3%BC%26%3D.txt");
  assert.equal(
    signature(signed),
    "2642708cdad5badc31a6d1db22fe410e12747dd6192706d9376da2dc9b6dd76e",
  );
});

test("every printable character of a key stands in the URL as the signature has it", async () => {
  // RFC 3986's unreserved characters stand for themselves, everything else is escaped.
  const asSigned = (character) =>
    /[A-Za-z0-9._~-]/.test(character)
      ? character
      : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  for (let code = 0x20; code < 0x7f; code++) {
    const character = String.fromCharCode(code);
    if (character === "/") continue;
    const { url } = await signUrl(r2, { method: "GET", bucket: "b", key: `a${character}z` });
    assert.equal(new URL(url).pathname, `/b/a${asSigned(character)}z`, character);
  }
});

test("an upload with a signed content type", async () => {
  const signed = await signUrl(r2, {
    method: "PUT",
    bucket: "my-bucket",
    key: "up.png",
    expiresIn: 604800,
    headers: { "content-type": "image/png" },
    now: Date.UTC(2026, 0, 1),
  });
  assert.equal(new URL(signed.url).searchParams.get("X-Amz-SignedHeaders"), "content-type;host");
  assert.equal(
    signature(signed),
    "c29adbce88064d56e899a4cae9bf70cb30d595593c0ff4893ad785b1238fc545",
  );
});

test("a key that a URL would take for steps in a path has none, and limits are kept", async () => {
  for (const key of ["..", ".", "a/../b", "a/.", "./a"])
    assert.equal(await signUrl(r2, { method: "GET", bucket: "b", key }), null, key);
  for (const expiresIn of [0, -1, 1.5, 604801, "x", NaN])
    await assert.rejects(
      signUrl(r2, { method: "GET", bucket: "b", key: "k", expiresIn }),
      /expiresIn/,
    );
});

test("a missing variable is named by name and type", () => {
  const variables = { endpoint: "ENDPOINT", accessKeyId: "KEY_ID", secretAccessKey: null };
  const env = { ENDPOINT: "https://x", KEY_ID: "id" };
  assert.throws(() => signingKeys(env, variables), /of type R2SecretAccessKey in the env class/);
  assert.throws(
    () => signingKeys({ ENDPOINT: "https://x" }, variables),
    /the variable KEY_ID \(R2AccessKeyId\), which is not set/,
  );
});

test("signatures are those of another implementation, whatever the key, the headers and the query", async () => {
  const now = Date.UTC(2026, 10, 30, 23, 59, 59);
  const requests = [
    { method: "GET", bucket: "b", key: "a", expiresIn: 1 },
    { method: "HEAD", bucket: "", key: "a//b/ ~!'()*/%2F/\u{1f600}" },
    {
      method: "GET",
      bucket: "b",
      key: "k",
      query: { a: "1", "a-b": "x=y&z", "A b": "", Z: "é+ " },
    },
    {
      method: "PUT",
      bucket: "b",
      key: "k",
      region: "eu-west-1",
      headers: {
        "Content-Type": " text/plain;   charset=utf-8 ",
        "content-length": "0",
        "x-a": "",
      },
    },
  ];
  for (const endpoint of [r2.endpoint, "http://127.0.0.1:8787/under/a(path)/"])
    for (const request of requests) {
      const { url } = await signUrl({ ...r2, endpoint }, { ...request, now });
      const unsigned = new URL(url);
      unsigned.search = "";
      for (const [name, value] of Object.entries(request.query ?? {}))
        unsigned.searchParams.set(name, value);
      unsigned.searchParams.set("X-Amz-Expires", String(request.expiresIn ?? 3600));
      const other = await new AwsV4Signer({
        ...keys,
        method: request.method,
        url: unsigned.href,
        service: "s3",
        region: request.region ?? "auto",
        datetime: "20261130T235959Z",
        signQuery: true,
        headers: request.headers ?? {},
        allHeaders: true,
      }).sign();
      const parameters = ({ searchParams }) => [...searchParams].sort();
      assert.deepEqual(parameters(new URL(url)), parameters(other.url), request.key);
    }
});
