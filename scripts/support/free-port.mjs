// A free TCP port on this machine.
import { createServer } from "node:net";

/** The first free port on 127.0.0.1 from `wanted` upwards. */
export async function freePort(wanted) {
  for (let port = wanted; port < wanted + 200; port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${wanted} and ${wanted + 199}`);
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
