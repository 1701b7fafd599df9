// Puts covers and previews into the local bucket: node files.mjs <folder of the local state> [album ids]. It may run again.
// Without ids every album gets its files.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { getPlatformProxy } from "wrangler";
import { addFirstFiles } from "./first-files.mjs";

const [state, ...wanted] = process.argv.slice(2);
const proxy = await getPlatformProxy({
  configPath: fileURLToPath(new URL("../../../wrangler.toml", import.meta.url)),
  persist: { path: path.join(state, "v3") },
});
try {
  console.log(await addFirstFiles(proxy.env, wanted.map(Number)));
} finally {
  await proxy.dispose();
}
