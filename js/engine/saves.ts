// `cloesce/engine/saves`: for an app with the option `idempotencyKeys`.

export { saves } from "../saves/index.js";
