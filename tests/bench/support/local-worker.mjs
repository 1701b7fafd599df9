// The Worker that runs a case of local-cases.mjs on Miniflare's bindings, inside workerd: as often as it is asked to.
import { cases, setUp } from "./local-cases.mjs";

export default {
  async fetch(request, bindings) {
    const { name, calls } = await request.json();
    const env = { ...bindings, cache: caches.default };
    if (name === undefined) return Response.json(await setUp(env).then(() => null));
    let answer = null;
    for (let call = 0; call < calls; call += 1) answer = await cases[name](env);
    return Response.json(answer);
  },
};
