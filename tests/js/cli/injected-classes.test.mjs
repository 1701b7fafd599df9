// Classes that middleware puts into the container are known by themselves: the worker's entry imports them from wherever they are.
import assert from "node:assert/strict";
import { test } from "node:test";

import { cloesce, makeProject, read } from "./support.mjs";

const source = `import { GET, Inject, Service } from "cloesce/backend";
import type { Clock } from "./parts/clock";
import { Visitor as Session, type Place } from "./parts";
import { Ambient } from "./parts/ambient";
import { Elsewhere } from "some-package";

export class Here {}
class Unexported {}

@Service
export class Who {
  @Inject clock: Clock;
  @GET a(@Inject session: Session, @Inject here: Here): string {
    return String([session, here]);
  }
  @GET b(@Inject place: Place, @Inject ambient: Ambient): string {
    return String([place, ambient]);
  }
  @GET c(@Inject other: Elsewhere, @Inject own: Unexported): string {
    return String([other, own]);
  }
}
`;

test("injected classes: the entry imports what is a class of the project, under the name of its declaration", async (t) => {
  const root = await makeProject(t, {
    "package.json": '{ "name": "app" }',
    "src/who.cloesce.ts": source,
    "src/parts/index.ts": `export { Visitor } from "./visitor";
export interface Place {
  x: number;
}
`,
    "src/parts/visitor.ts": "class Person {}\nexport { Person as Visitor };\n",
    "src/parts/clock.ts": "export default class Clock {}\nexport { Clock };\n",
    "src/parts/ambient.ts": "export declare class Ambient { x: number }\n",
  });
  const { code, stderr } = await cloesce(root, ["compile"]);
  assert.equal(code, 0, stderr);
  const entry = await read(root, ".generated/workers.ts");
  const imports = [...entry.matchAll(/^import (.*) from "\.\.\/src\/(.*)";$/gm)].map((one) =>
    one.slice(1),
  );
  assert.deepEqual(imports.sort(), [
    ["Clock", "parts/clock"],
    ["{ Here, Who }", "who.cloesce"],
    ["{ Visitor as Person }", "parts/visitor"],
  ]);
  assert.match(entry, /^const classes = \{ Clock, Here, Person, Who \};$/m);
});
