// The benchmark's project, compiled by the built CLI into build/bench/project.

import { cp, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { imageOf } from "../../support/image.mjs";
import { runCloesce } from "../../support/project.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Copies and compiles the project; answers its folder. */
export async function compileBenchProject() {
  const folder = path.join(root, "build/bench/project");
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.dirname(folder), { recursive: true });
  await cp(path.join(root, "tests/bench/project"), folder, { recursive: true });
  const { code, stdout, stderr } = await runCloesce(["compile"], { cwd: folder });
  if (code !== 0) throw new Error(`the benchmark's project does not compile:\n${stdout}${stderr}`);
  return folder;
}

/** The app image of a compiled project. */
export async function imageOfProject(folder) {
  return imageOf(JSON.parse(await readFile(path.join(folder, ".generated/cidl.json"), "utf8")));
}

/** An order with `count` items, as the method `Shop.total` takes it. */
export function orderBody(count) {
  const items = Array.from({ length: count }, (_, index) => ({
    sku: `SKU-${String(1000 + index)}`,
    quantity: (index % 5) + 1,
    price: 9.95 + index,
  }));
  const order = {
    customer: "Ada Lovelace",
    email: "ada@example.org",
    placed: "2026-02-03T04:05:06.000Z",
    express: true,
    note: null,
    items,
  };
  return JSON.stringify({ order });
}

/** An author with `count` books, as `Author.save` takes it. */
export function saveBody(id, count) {
  const books = Array.from({ length: count }, (_, index) => ({
    id: id * 100 + index,
    title: `The book number ${index} of author ${id}`,
    pages: 200 + index,
    price: 12.5 + index,
    authorId: id,
  }));
  return JSON.stringify({
    model: { id, name: `Author ${id}`, city: "London", born: "1815-12-10", books },
  });
}
