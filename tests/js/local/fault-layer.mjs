// A machine that fails when it is told to: the calls of node:fs and node:sqlite that local storage makes, of which one throws.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync, StatementSync } from "node:sqlite";

const fileCalls = [
  "mkdirSync",
  "openSync",
  "writeSync",
  "writeFileSync",
  "readSync",
  "fstatSync",
  "statSync",
  "readdirSync",
  "fsyncSync",
  "closeSync",
  "unlinkSync",
];
const databaseCalls = [
  [DatabaseSync.prototype, "exec"],
  [StatementSync.prototype, "run"],
  [StatementSync.prototype, "get"],
  [StatementSync.prototype, "all"],
];

/**
 * Runs `work` on a machine whose call number `nth` fails with EIO; without a number none does. Answers what work did,
 * `{ value }` or `{ error }`, how many calls there were, and the name of the one that failed.
 */
export async function withFault(nth, work) {
  let calls = 0;
  let failed = null;
  const fails = (name) => {
    calls += 1;
    if (calls === nth) failed = name;
    return calls === nth;
  };
  const undo = [];
  const replace = (owner, name, make) => {
    const real = owner[name];
    owner[name] = make(real);
    undo.push(() => (owner[name] = real));
  };
  for (const name of fileCalls) {
    replace(fs, name, (real) => (...given) => {
      if (!fails(name)) return real(...given);
      // A file that cannot be closed is closed all the same.
      if (name === "closeSync") real(...given);
      throw Object.assign(new Error(`EIO: injected into ${name}`), { code: "EIO" });
    });
  }
  for (const [owner, name] of databaseCalls) {
    replace(
      owner,
      name,
      (real) =>
        function (...given) {
          if (!fails(`${name} ${this.sourceSQL ?? given[0]}`)) return real.apply(this, given);
          const code = { code: "ERR_SQLITE_ERROR", errcode: 10 };
          throw Object.assign(new Error("disk I/O error"), code);
        },
    );
  }
  syncBuiltinESMExports();
  try {
    const outcome = await work().then(
      (value) => ({ value }),
      (error) => ({ error }),
    );
    return { ...outcome, calls, failed };
  } finally {
    for (const back of undo) back();
    syncBuiltinESMExports();
  }
}
