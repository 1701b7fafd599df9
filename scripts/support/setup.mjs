// Gets the machine ready for a purpose. Running it again is quick and changes nothing.
import { fetchBase64, haveBase64 } from "./base64-source.mjs";
import { installNodeModules, nodeModulesFresh } from "./node-modules.mjs";
import { installNeeds, missingNeeds } from "./packages.mjs";
import { stage } from "./stage.mjs";

/** Installs what `purpose` (see packages.mjs) needs and is not there. Prints a line for each thing it does. */
export async function setUp(purpose) {
  const missing = missingNeeds(purpose);
  if (missing.length > 0) {
    await stage("install system packages", async () => {
      await installNeeds(missing);
      return missing.map((need) => need.package).join(" ");
    });
  }
  if (!nodeModulesFresh()) await stage("npm ci", installNodeModules);
  if (!haveBase64()) await stage("fetch base64 source", fetchBase64);
}
