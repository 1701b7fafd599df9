// npm run format [-- --check]: formats C++ with clang-format and everything else with prettier.
import { formatAll } from "./support/format.mjs";
import { main, stage } from "./support/stage.mjs";

await main(async () => {
  const check = process.argv.includes("--check");
  await stage(check ? "format check" : "format", () => formatAll({ check }));
});
