// npm run fuzz [-- --seconds N] [-- target...]: fuzzes the core with libFuzzer under the sanitizers.
import { parseArgs } from "node:util";
import { fuzz } from "./support/fuzz.mjs";
import { setUp } from "./support/setup.mjs";
import { main, stage } from "./support/stage.mjs";

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { seconds: { type: "string", default: "60" } },
    allowPositionals: true,
  });
  await setUp("test");
  await stage("fuzz", () => fuzz({ seconds: Number(values.seconds), names: positionals }));
});
