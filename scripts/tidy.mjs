// npm run tidy: clang-tidy over the core, findings as errors.
import { buildPreset } from "./support/build.mjs";
import { setUp } from "./support/setup.mjs";
import { main, stage } from "./support/stage.mjs";

await main(async () => {
  await setUp("tidy");
  await stage("clang-tidy", () => buildPreset("tidy"));
});
