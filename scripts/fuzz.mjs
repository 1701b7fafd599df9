// npm run fuzz [-- SECONDS] [target...]: fuzzes the core with libFuzzer under the sanitizers, each target so long.
import { parseArgs } from "node:util";
import { fuzz } from "./support/fuzz.mjs";
import { setUp } from "./support/setup.mjs";
import { main, stage } from "./support/stage.mjs";

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { seconds: { type: "string" } },
    allowPositionals: true,
  });
  const isNumber = (text) => /^\d+$/.test(text);
  const seconds = Number(values.seconds ?? positionals.find(isNumber) ?? 60);
  const names = positionals.filter((text) => !isNumber(text));
  await setUp("test");
  await stage("fuzz", () => fuzz({ seconds, names }));
});
