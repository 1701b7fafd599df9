// The emitted OpenAPI document holds together: what it refers to is there.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { golden } from "./support.mjs";

const read = async (name) =>
  JSON.parse(await readFile(join(dirname(golden(name)), "openapi.json"), "utf8"));

function references(value, found = new Set()) {
  if (value === null || typeof value !== "object") return found;
  if (typeof value.$ref === "string") found.add(value.$ref);
  for (const member of Object.values(value)) references(member, found);
  return found;
}

for (const name of ["small", "wide", "storage"]) {
  test(`openapi: every reference of the ${name} document leads to a schema`, async () => {
    const document = await read(name);
    for (const reference of references(document)) {
      const [, component] = /^#\/components\/schemas\/([\w.-]+)$/.exec(reference) ?? [];
      assert.ok(component in document.components.schemas, reference);
    }
  });

  test(`openapi: the ${name} document declares the parameters of its paths, and unique operations`, async () => {
    const document = await read(name);
    const operationIds = new Set();
    for (const [path, operations] of Object.entries(document.paths)) {
      const expected = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
      for (const { parameters, operationId } of Object.values(operations)) {
        const declared = parameters.filter((parameter) => parameter.in === "path");
        assert.deepEqual(
          declared.map((parameter) => parameter.name),
          expected,
          path,
        );
        assert.ok(declared.every((parameter) => parameter.required));
        assert.equal(operationIds.has(operationId), false, operationId);
        operationIds.add(operationId);
      }
    }
    assert.notEqual(operationIds.size, 0);
  });
}
