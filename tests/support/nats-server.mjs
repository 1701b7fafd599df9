// Real nats-servers for tests: those of the machine, each on a free port of 127.0.0.1 with a store of its own.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * The servers that there are: `[{ file, version }]`, that of the PATH and those that CLOESCE_NATS_SERVERS names (paths with
 * the system's delimiter), oldest first, one of each version.
 */
export function natsServers() {
  const onPath = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"].map((folder) =>
    join(folder, "nats-server"),
  );
  const named = (process.env.CLOESCE_NATS_SERVERS ?? "").split(delimiter).filter(Boolean);
  const found = new Map();
  for (const file of [...named, ...onPath.filter((path) => existsSync(path)).slice(0, 1)]) {
    const version = /v(\d+\.\d+\.\d+)/.exec(execFileSync(file, ["--version"]).toString())?.[1];
    if (version !== undefined) found.set(version, { file, version });
  }
  const order = (version) => version.split(".").reduce((sum, part) => sum * 1000 + Number(part), 0);
  return [...found.values()].sort((left, right) => order(left.version) - order(right.version));
}

/** Why tests that need a server are left out. */
export const noServer =
  "no nats-server is there: on Debian apt-get install nats-server, elsewhere put one on the PATH or into CLOESCE_NATS_SERVERS";

/** Whether a version has TTLs of single keys. */
export const hasKeyTtl = ({ version }) => {
  const [major, minor] = version.split(".").map(Number);
  return major > 2 || minor >= 11;
};

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts a server with JetStream. `cluster` joins it to others: `{ name, size, routes, port }`; `settings` are further lines of
 * its configuration.
 */
export async function startNats({ file }, { name = "one", cluster = null, settings = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "cloesce-nats-"));
  const port = await freePort();
  const config = join(folder, "server.conf");
  const lines = [
    `listen: "127.0.0.1:${port}"`,
    `server_name: ${name}`,
    `jetstream { store_dir: "${join(folder, "store")}", max_memory_store: 256MB, max_file_store: 1GB }`,
  ];
  lines.push(...settings);
  if (cluster !== null) {
    const routes = cluster.routes.map((route) => `"nats://127.0.0.1:${route}"`).join(", ");
    lines.push(
      `cluster { name: ${cluster.name}, listen: "127.0.0.1:${cluster.port}", routes: [${routes}] }`,
    );
  }
  writeFileSync(config, lines.join("\n"));
  let child = null;
  let gone = null;
  const server = {
    name,
    port,
    url: `nats://127.0.0.1:${port}`,
    get pid() {
      return child?.pid ?? null;
    },
    async start() {
      child = spawn(file, ["-c", config], { stdio: "ignore" });
      gone = new Promise((resolve) => child.once("exit", resolve));
      await answers(port);
    },
    /** Ends it at once, as a crash does. */
    async kill() {
      if (child === null) return;
      child.kill("SIGKILL");
      await gone;
      child = null;
    },
    async stop() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** Three servers as one cluster. */
export async function startCluster(found) {
  const routes = [await freePort(), await freePort(), await freePort()];
  const servers = await Promise.all(
    routes.map((port, index) =>
      startNats(found, {
        name: `n${index + 1}`,
        cluster: { name: "cluster-of-tests", port, routes },
      }),
    ),
  );
  return {
    servers,
    urls: servers.map(({ url }) => url),
    stop: () => Promise.all(servers.map((server) => server.stop())),
  };
}

async function answers(port) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const open = await new Promise((resolve) => {
      const socket = connectSocket(port, "127.0.0.1");
      socket.once("data", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nats-server does not answer on port ${port}`);
}
