// npm run build [-- wasm|js]: builds the package into dist/.
import { buildJs, buildWasm } from "./support/build.mjs";
import { setUp } from "./support/setup.mjs";
import { main, stage, UserError } from "./support/stage.mjs";

const parts = { wasm: ["build wasm", buildWasm], js: ["build js", buildJs] };

await main(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.find((part) => !(part in parts));
  if (unknown !== undefined) throw new UserError(`${unknown}: unknown part, there are wasm and js`);
  await setUp("build");
  for (const [name, [title, work]] of Object.entries(parts)) {
    if (asked.length === 0 || asked.includes(name)) await stage(title, work);
  }
});
