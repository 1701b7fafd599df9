// The servers of docs/nats.md, started as it says but for hosts, ports and folders: one node, three, and those of its compose file.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { connect } from "../../../dist/nats/index.js";
import { freePort, natsServers, noServer } from "../../support/nats-server.mjs";
import { until } from "./histories.mjs";

const page = readFileSync(new URL("../../../docs/nats.md", import.meta.url), "utf8");
const newest = natsServers().at(-1);
const blocks = (language) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(
    ([, text]) => text,
  );
const shells = blocks("sh server").map((text) => text.trim().split("\n"));
const [compose] = blocks("yaml");
/** What an image of nats-server is given, by its `command` lines; and what Docker would tell a host's ports. */
const composed = [...compose.matchAll(/^ {4}command: (.*)$/gm)].map(([, line]) => line);

/** Starts `lines` of arguments as servers on this machine; answers addresses and how one of them, or all, end. */
async function start(lines) {
  const folder = mkdtempSync(path.join(tmpdir(), "cloesce-nats-docs-"));
  const routes = await Promise.all(lines.map(() => freePort()));
  const ports = await Promise.all(lines.map(() => freePort()));
  const children = lines.map((line, index) => {
    const given = line
      .replaceAll(/nats:\/\/n(\d):6222/g, (_, n) => `nats://127.0.0.1:${routes[n - 1]}`)
      .replace("nats://0.0.0.0:6222", `nats://127.0.0.1:${routes[index]}`)
      .replace(/(--?sd) \S+/, `$1 ${path.join(folder, String(index))}`)
      .split(" ");
    const own = ["-p", String(ports[index]), ...(given.includes("-a") ? [] : ["-a", "127.0.0.1"])];
    return spawn(newest.file, [...given, ...own], { stdio: "ignore" });
  });
  const gone = children.map((child) => new Promise((resolve) => child.once("exit", resolve)));
  const end = async (index) => {
    children[index].kill("SIGKILL");
    await gone[index];
  };
  return {
    addresses: ports.map((port) => `nats://127.0.0.1:${port}`),
    end,
    stop: async () => {
      await Promise.all(children.map((_, index) => end(index)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Puts and gets, with as many replicas as there are servers, and once more without one of them. */
async function serves(lines) {
  const servers = await start(lines);
  let history = null;
  try {
    // A cluster answers once it has found itself together.
    history = await until(() => connect({ servers: servers.addresses }).catch(() => null), 30_000);
    const options = { replicas: lines.length };
    const bucket = await until(
      () => history.bucket("CONFIGURATION", options).catch(() => null),
      30_000,
    );
    await bucket.put("theme.color", "dark");
    if (lines.length > 1) {
      await servers.end(0);
      await until(() => bucket.put("theme.color", "light").catch(() => null), 30_000);
    }
    const entry = await until(() => bucket.get("theme.color").catch(() => null), 30_000);
    assert.equal(entry.string(), lines.length > 1 ? "light" : "dark");
  } finally {
    await history?.close();
    await servers.stop();
  }
}

const argumentsOf = (line) => {
  assert.match(line, /^nats-server -/);
  return line.slice("nats-server ".length);
};

const options = { skip: newest === undefined ? noServer : false, timeout: 90_000 };
test("one node", options, () => serves(shells[0].map(argumentsOf)));
test("three nodes", options, async () => {
  assert.equal(shells[1].length, 3);
  await serves(shells[1].map(argumentsOf));
});
test("three nodes of the compose file", options, async () => {
  assert.equal(composed.length, 3);
  await serves(composed);
});

test("the compose file keeps what each node has, and lets only this machine in", () => {
  const services = compose.split(/^ {2}(?=n\d:)/m).slice(1);
  assert.equal(services.length, 3);
  for (const [index, service] of services.entries()) {
    const name = `n${index + 1}`;
    assert.match(service, new RegExp(`--sd /data --server_name ${name} `));
    assert.ok(service.includes(`volumes: ["${name}:/data"]`));
    assert.ok(service.includes(`ports: ["127.0.0.1:${4222 + index}:4222"]`));
    assert.match(compose, new RegExp(`^volumes: .*\\b${name}: \\{\\}`, "m"));
  }
});
