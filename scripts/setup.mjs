// npm run setup [-- build|test|bench|tidy]: gets the machine ready; without a purpose, for everything.
import { purposeNames } from "./support/packages.mjs";
import { setUp } from "./support/setup.mjs";
import { main, UserError } from "./support/stage.mjs";

await main(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.find((purpose) => !purposeNames.includes(purpose));
  if (unknown !== undefined) {
    throw new UserError(`${unknown}: unknown purpose, there are ${purposeNames.join(", ")}`);
  }
  for (const purpose of asked.length > 0 ? asked : purposeNames) await setUp(purpose);
  console.log("ready");
});
