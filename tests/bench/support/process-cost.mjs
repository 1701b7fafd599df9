// What processes cost, out of /proc: CPU time, memory, and which are children of which.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The fields of /proc/<pid>/stat after the name, and the name; null when the process has ended. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = stat.lastIndexOf(")");
    return { name: stat.slice(stat.indexOf("(") + 1, end), fields: stat.slice(end + 2).split(" ") };
  } catch {
    return null;
  }
}

/** Microseconds of CPU, user and system, that all threads of `pid` have spent; the kernel counts in 10 ms. */
export function cpuOf(pid) {
  const stat = statOf(pid);
  if (stat === null) throw new Error(`process ${pid} has ended`);
  return (Number(stat.fields[11]) + Number(stat.fields[12])) * 10_000;
}

/** Pids of the processes below `ancestor`, at any depth: those called `name`, or all. */
export function descendants(ancestor, name = undefined) {
  const parents = new Map();
  const named = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = statOf(entry);
    if (stat === null) continue;
    parents.set(Number(entry), Number(stat.fields[1]));
    if (name === undefined || stat.name === name) named.push(Number(entry));
  }
  const isBelow = (pid) => {
    for (let at = parents.get(pid); at !== undefined; at = parents.get(at)) {
      if (at === ancestor) return true;
    }
    return false;
  };
  return named.filter(isBelow);
}

/** Bytes that `pid` holds in memory now, and the most it ever held. */
export function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kilobytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return { now: kilobytes("VmRSS") * 1024, peak: kilobytes("VmHWM") * 1024 };
}

/** The same of `pid` and all that are below it, together. */
export function memoryOfFamily(pid) {
  const below = descendants(pid).map(memoryOf);
  return [memoryOf(pid), ...below].reduce((sum, { now, peak }) => ({
    now: sum.now + now,
    peak: sum.peak + peak,
  }));
}

/** Whether `pid` holds the socket that listens on a TCP port of this machine. */
export function listensOn(pid, port) {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const sockets = new Set();
  for (const table of ["tcp", "tcp6"]) {
    for (const line of readFileSync(`/proc/${pid}/net/${table}`, "utf8").split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[3] === "0A" && fields[1].endsWith(`:${hex}`)) sockets.add(`socket:[${fields[9]}]`);
    }
  }
  return readdirSync(`/proc/${pid}/fd`).some((entry) => {
    try {
      return sockets.has(readlinkSync(`/proc/${pid}/fd/${entry}`));
    } catch {
      return false; // closed meanwhile
    }
  });
}

/** Microseconds of CPU that the main thread of `pid` has spent. */
export function mainThreadCpuOf(pid) {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[0]) / 1000;
}
