// Timing of small functions: a warm-up, then short rounds, of which the fastest counts, since whatever else the machine
// does only adds. And how figures are shown.

const warmUpMs = 200;
const roundMs = 10;
const rounds = 80;

/** Microseconds that one call of `run` takes. */
export function microsecondsOf(run) {
  let calls = 1;
  for (const end = performance.now() + warmUpMs; performance.now() < end;) {
    const begin = performance.now();
    for (let index = 0; index < calls; index++) run();
    const elapsed = performance.now() - begin;
    calls = Math.max(1, Math.round((calls * roundMs) / Math.max(elapsed, 0.01)));
    calls = Math.min(calls, 1e7);
  }
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    for (let index = 0; index < calls; index++) run();
    fastest = Math.min(fastest, ((performance.now() - begin) * 1000) / calls);
  }
  return fastest;
}

/** Microseconds of one call of each of `contenders`, by their names, when they take turns: the fastest round. */
export function microsecondsInTurns(contenders, turns = 40, turnMs = 12) {
  const best = {};
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, run] of Object.entries(contenders)) {
      const begin = performance.now();
      let calls = 0;
      let elapsed = 0;
      for (; elapsed < turnMs; elapsed = performance.now() - begin) {
        run();
        calls++;
      }
      const time = (elapsed * 1000) / calls;
      if (best[name] === undefined || time < best[name]) best[name] = time;
    }
  }
  return best;
}

export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Prints rows of cells in columns; the first row is the heading. */
export function printTable(rows) {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map((row) => String(row[column]).length)),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column]),
    );
    console.log(cells.join("  ").trimEnd());
  }
  console.log();
}

/** Says what is being measured, on a terminal and only until it is done. */
export function progress(text) {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\u001b[K  .. ${text}`);
}

/** The last cell of a row that has a bar. */
export function verdict(met) {
  return met ? "met" : "missed";
}
