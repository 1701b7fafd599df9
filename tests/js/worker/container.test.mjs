// The container's keys: names, classes of the project, and classes of others, whatever a minifier calls them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DependencyContainer, HttpResult } from "cloesce/backend";

class Known {}
class Session {}

const registry = {
  environment: "Env",
  classes: { Account: Known },
  services: new Map(),
  names: new Map([[Known, "Account"]]),
};
const request = new Request("http://localhost/");
const open = () => new DependencyContainer(registry, request, { secret: 1 }, "context");

/** A class that a minifier calls `a`. */
const minified = () => Object.defineProperty(class {}, "name", { value: "a" });

test("container: a class of the project is known by its name in the sources", () => {
  const di = open();
  const account = new Known();
  di.set(Known, account);
  assert.equal(di.get("Account"), account);
  di.set("Account", 2);
  assert.equal(di.get(Known), 2);
  assert.equal(di.get("Known"), undefined);
});

test("container: another class is known by itself and by its name, the last value wins", () => {
  const di = open();
  di.set(Session, 1);
  assert.deepEqual([di.get(Session), di.get("Session"), di.get(Session.name)], [1, 1, 1]);
  di.set(Session.name, 2);
  assert.deepEqual([di.get(Session), di.get("Session")], [2, 2]);
  di.set(Session, undefined);
  assert.equal(di.has(Session), true);
  assert.equal(di.get(Session), undefined);
});

test("container: two classes of one minified name are two keys", () => {
  const [One, Other] = [minified(), minified()];
  const di = open();
  di.set(One, "one");
  assert.equal(di.has(Other), false, "a guard that asks for the other is not let through");
  assert.equal(di.get(Other), undefined);
  di.set(Other, "other");
  assert.deepEqual([di.get(One), di.get(Other)], ["one", "other"]);
  di.set("a", "text");
  assert.deepEqual([di.get(One), di.get(Other)], ["text", "text"]);
});

test("container: need answers what is there, and throws the 401 that ends the request", () => {
  const di = open();
  for (const nothing of ["absent", "nothing", "null"]) {
    if (nothing !== "absent") di.set(Session, nothing === "null" ? null : undefined);
    assert.throws(
      () => di.need(Session),
      (error) => error instanceof HttpResult && error.status === 401 && !error.ok,
    );
  }
  di.set(Session, 0);
  assert.equal(di.need(Session), 0);
  assert.equal(di.need("Request"), request);
  assert.deepEqual(di.need("Env"), { secret: 1 });
});

test("container: it is a Map by name, with what every request brings along", () => {
  const di = open();
  assert.ok(di instanceof Map);
  assert.deepEqual([...di.keys()], ["Request", "ExecutionContext", "Env"]);
  assert.equal(di.set(Known, 1).set("token", "t"), di);
  assert.deepEqual([...di].slice(3), [
    ["Account", 1],
    ["token", "t"],
  ]);
  assert.equal(di.size, 5);
  assert.deepEqual([di.delete("token"), di.delete("token"), di.has("token")], [true, false, false]);
  assert.deepEqual([di.delete("Request"), di.get("Request")], [true, undefined]);
  di.set("Request", 2);
  assert.equal(di.get("Request"), 2);
  di.clear();
  assert.deepEqual([di.size, di.get(Known), di.get("Env")], [0, undefined, undefined]);
});

test("container: one of two classes of one name can be taken away", () => {
  const [One, Other] = [minified(), minified()];
  const di = open().set(One, 1).set(Other, 2);
  assert.equal(di.delete(Other), true);
  assert.deepEqual([di.get(One), di.get(Other), [...di].at(-1)], [1, undefined, ["a", 1]]);
});
