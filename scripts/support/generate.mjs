// What C++ and TypeScript both say, written for TypeScript from the one list: the codes of failures and the platform's limits.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { at } from "./paths.mjs";

/** Writes js/abi/codes.ts and js/abi/limits.ts, which are not in git, where they are not what the lists say. */
export function generateLists() {
  write("codes", "base/error_codes.def", (list) =>
    [...list.matchAll(/^CLOESCE_ERROR\(k(\w+), (\d+), (\d+), /gm)].map(
      ([, name, number, status]) =>
        constant(name, `"CLO${number}"`) + constant(`${name}Status`, status),
    ),
  );
  write("limits", "base/limits.def", (list) =>
    [...list.matchAll(/^CLOESCE_LIMIT(?:_TEXT)?\(k(\w+), (.+)\)$/gm)].map(([, name, value]) =>
      constant(name, value),
    ),
  );
}

function constant(name, value) {
  return `export const ${name[0].toLowerCase()}${name.slice(1)} = ${value};\n`;
}

function write(name, source, constantsOf) {
  const constants = constantsOf(readFileSync(at("src", source), "utf8"));
  if (constants.length === 0) throw new Error(`src/${source} has no entries`);
  const text = `// Made from src/${source} by npm run build.\n\n${constants.join("")}`;
  const path = at("js", "abi", `${name}.ts`);
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
}
