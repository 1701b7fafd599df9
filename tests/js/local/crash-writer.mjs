// Writes to a store until it is killed, and says on standard output what it begins and what was acknowledged.
import { writeSync } from "node:fs";
import { createLocal } from "../../../dist/local/index.js";

const [root, first] = process.argv.slice(2);
const local = await createLocal({ root, kv: ["KV"], r2: ["FILES"] });
const say = (line) => writeSync(1, `${line}\n`);
say("ready");

async function write(writer) {
  for (let count = Number(first); ; count += 1) {
    const key = `${writer}/${count % 5}`;
    const remove = count % 7 === 6;
    const size = (count * 7919) % 120_000;
    say(`begin ${key} ${remove ? "-" : count}`);
    const head = `${key} ${count} ${size}\n`;
    const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(size, count % 256)]);
    const store = writer % 2 === 0 ? local.env.KV : local.env.FILES;
    if (remove) await store.delete(key);
    else await store.put(key, new Blob([bytes]).stream());
    say(`done ${key} ${remove ? "-" : count}`);
  }
}
await Promise.all([0, 1, 2, 3].map(write));
