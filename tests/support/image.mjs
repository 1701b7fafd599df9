// App images of interfaces that tests write by hand, made by the built compiler.

import { loadCompiler } from "../../dist/cli/compiler.js";

const compiler = await loadCompiler();

/** The image of an interface in the form of cidl.json. */
export function imageOf(cidl) {
  return compiler.image(JSON.stringify(cidl));
}
