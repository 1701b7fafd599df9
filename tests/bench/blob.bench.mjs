// 1 MiB of bytes beside JSON in workerd: as form data and as base64 in JSON, each beside a hand-written Worker that reads
// the form.

import { randomBytes } from "node:crypto";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { compileBenchProject } from "./support/bench-project.mjs";
import { bundle } from "./support/bundle.mjs";
import { compareCosts, comparisonCells, expectSameAnswers } from "./support/compare.mjs";
import { printTable, progress } from "./support/measure.mjs";
import { WorkerdServer } from "./support/workerd.mjs";

const pixels = randomBytes(1 << 20);
const picture = { title: "Sunset", width: 1024, tags: ["sea", "sky", "west"] };
const target = { method: "POST", path: "/api/Files/describe" };

async function asForm() {
  const form = new FormData();
  form.append("json", JSON.stringify({ picture: { ...picture, pixels: 0 } }));
  form.append("blob", new Blob([pixels]), "sunset.bin");
  const response = new Response(form);
  return {
    ...target,
    name: "form data",
    headers: { "content-type": response.headers.get("content-type") },
    body: Buffer.from(await response.arrayBuffer()),
  };
}

const form = await asForm();
const json = {
  ...target,
  name: "base64 in JSON",
  body: Buffer.from(JSON.stringify({ picture: { ...picture, pixels: pixels.toString("base64") } })),
};

const folder = await compileBenchProject();
const [ours, theirs] = [
  await WorkerdServer.start(await bundle(path.join(folder, ".generated/workers.ts")), {
    withCore: true,
  }),
  await WorkerdServer.start(
    await bundle(fileURLToPath(new URL("support/hand-written.mjs", import.meta.url))),
  ),
];
try {
  const table = [["1 MiB beside JSON", "cloesce", "form by hand", "ratio", "rounds", "bar", ""]];
  for (const [workload, bar] of [
    [form, 1],
    [json, undefined],
  ]) {
    progress(workload.name);
    await expectSameAnswers(ours, theirs, workload, form);
    table.push([
      workload.name,
      ...comparisonCells(await compareCosts(ours, theirs, workload, form), bar),
    ]);
  }
  printTable(table);
} finally {
  await Promise.all([ours.stop(), theirs.stop()]);
}
