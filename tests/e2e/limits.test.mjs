// Sizes at and beside the limits, under `wrangler dev`: rows of one save and one answer, columns, relations, values of a list.

import assert from "node:assert/strict";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareProject, serveProject } from "../support/project.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const numbers = (count) => Array.from({ length: count }, (_, index) => index);

/** 100 columns, which is D1's limit, and 60 relations, which is that of an include tree. */
const source = `import {
  CloesceApp, CRUD, D1, DataSource, ForeignKey, GET, Inject, OneToMany, OneToOne, Orm, POST, PrimaryKey, WranglerEnv,
  type IncludeTree, type Integer,
} from "cloesce/backend";
@WranglerEnv export class Env { db: D1Database; }

@D1
@CRUD(["GET", "SAVE"], { writes: { things: {} } })
export class Box {
  @PrimaryKey id: Integer;
  name: string;
  @OneToMany("boxId") things: Thing[];
  @DataSource static readonly default: IncludeTree<Box> = { things: {} };
}

@D1
@CRUD(["LIST"], { list: { where: ["boxId"], limit: false } })
export class Thing {
  @PrimaryKey id: Integer;
  n: Integer;
  @ForeignKey(Box) boxId: Integer;

  @POST
  static async among(values: Integer[], boxId: Integer, @Inject env: Env): Promise<Integer> {
    return (await Orm.fromEnv(env).count(Thing, { boxId, n: { in: values } })).unwrap();
  }
}

@D1
@CRUD(["GET", "SAVE"])
export class Wide {
  @PrimaryKey id: Integer;
  ${numbers(99)
    .map((n) => `c${n}: Integer;`)
    .join("\n  ")}
}

@D1
@CRUD(["GET", "SAVE"], { writes: { ${numbers(60)
  .map((n) => `r${n}: {}`)
  .join(", ")} } })
export class Hub {
  @PrimaryKey id: Integer;
  ${numbers(60)
    .map((n) => `@OneToMany("hubId") r${n}: Spoke${n}[];`)
    .join("\n  ")}
  @DataSource static readonly default: IncludeTree<Hub> = { ${numbers(60)
    .map((n) => `r${n}: {}`)
    .join(", ")} };
}
${numbers(60)
  .map(
    (n) =>
      `@D1 export class Spoke${n} { @PrimaryKey id: Integer; n: Integer; @ForeignKey(Hub) hubId: Integer; }`,
  )
  .join("\n")}
`;

let server, client;

before(async () => {
  const folder = path.join(root, "build/e2e-limits-source");
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, "src"), { recursive: true });
  const like = path.join(root, "tests/e2e/projects/versions");
  for (const file of ["cloesce.config.json", "tsconfig.json"])
    await cp(path.join(like, file), path.join(folder, file));
  await writeFile(path.join(folder, "src/limits.cloesce.ts"), source);
  server = await serveProject(await prepareProject(folder, "e2e-limits"));
  ({ client } = server);
});
after(() => server?.stop());

for (const count of [0, 1, 99, 100, 101, 10_000, 100_000])
  test(`limits: ${count} rows are saved, read back, read and listed`, async () => {
    const { Box, Thing } = client;
    const things = numbers(count).map((n) => ({ n }));
    const saved = await Box.save({ name: `with ${count}`, things }, "default");
    assert.equal(saved.ok, true, saved.message);
    const { id } = saved.data;
    const values = (rows) => rows.map(({ n }) => n);
    assert.deepEqual(values(saved.data.things), numbers(count));
    const read = await Box.get(id, "default");
    assert.deepEqual(values(read.data.things), numbers(count));
    const listed = await Thing.list(undefined, { where: { boxId: id } });
    assert.equal(listed.ok, true, listed.message);
    const all = [];
    for await (const thing of listed) all.push(thing);
    assert.deepEqual(values(all), numbers(count));
  });

test("limits: one item more than an array may have is refused by name, and nothing is written", async () => {
  const { Box } = client;
  const things = numbers(100_001).map((n) => ({ n }));
  const refused = await Box.save({ name: "too many", things }, "default");
  assert.deepEqual([refused.status, refused.code], [400, "CLO1210"]);
  assert.match(refused.message, /model\.things/);
});

test("limits: 50,000 values of a condition", async () => {
  const { Box, Thing } = client;
  const things = numbers(100).map((n) => ({ n: n * 1000 }));
  const { id } = (await Box.save({ name: "sparse", things }, "default")).data;
  const counted = await Thing.among(numbers(50_000), id);
  assert.equal(counted.ok, true, counted.message);
  assert.equal(counted.data, 50);
});

test("limits: 100 columns", async () => {
  const { Wide } = client;
  const row = Object.fromEntries(numbers(99).map((n) => [`c${n}`, n]));
  const saved = await Wide.save(row);
  assert.equal(saved.ok, true, saved.message);
  const { id, ...columns } = (await Wide.get(saved.data.id)).data;
  assert.deepEqual(columns, row);
  const changed = await Wide.save({ id, c98: -1 });
  assert.deepEqual({ ...changed.data }, { id, ...row, c98: -1 });
});

test("limits: 60 relations", async () => {
  const { Hub } = client;
  const spokes = Object.fromEntries(numbers(60).map((n) => [`r${n}`, [{ n }, { n: n + 100 }]]));
  const saved = await Hub.save(spokes, "default");
  assert.equal(saved.ok, true, saved.message);
  const read = (await Hub.get(saved.data.id, "default")).data;
  for (const n of numbers(60))
    assert.deepEqual(
      read[`r${n}`].map((spoke) => spoke.n),
      [n, n + 100],
    );
});
