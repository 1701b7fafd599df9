// `cloesce/engine/history`: what an app with KV models that have a history needs besides `cloesce/engine/stored`.

export { history } from "../stored/versions.js";
