// The Worker in Miniflare that makes calls on its own bindings: nothing lies between them and what is compared.
import { performAll } from "./perform.mjs";

const uploads = new Map();

export default {
  async fetch(request, env) {
    const outcomes = await performAll(
      { ...env, cache: caches.default },
      uploads,
      await request.json(),
    );
    return Response.json(outcomes);
  },
};
