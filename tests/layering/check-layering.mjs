// Fails when a file includes or imports from a room that the layering does not allow.
// The table below is the layering: change it only together with the architecture notes.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** C++ rooms, in order, and what each may include beside itself and the standard library. */
const cppRooms = {
  base: [],
  text: ["base"],
  json: ["base", "text"],
  sql: ["base"],
  keys: ["base", "text"],
  storage: ["base", "text", "json"],
  cidl: ["base", "text", "json", "keys"],
  image: ["base"],
  media: ["base", "text", "json"],
  route: ["base", "text", "cidl", "image"],
  validate: ["base", "text", "json", "cidl", "image"],
  orm: ["base", "text", "json", "cidl", "sql", "keys", "image"],
  runtime: "base text json sql keys cidl image media route validate orm".split(" "),
  "compile/image": "base text json sql cidl image media route validate orm runtime".split(" "),
  "compile/sema": ["base", "text", "json", "keys", "cidl"],
  "compile/migrate": ["base", "json", "cidl", "sql"],
  "compile/emit": ["base", "text", "json", "cidl"],
  "compile/driver": [
    "base",
    "text",
    "json",
    "cidl",
    "compile/sema",
    "compile/migrate",
    "compile/emit",
    "compile/image",
  ],
};

/** Third-party headers that only some rooms may include directly; others go through those rooms. */
const guardedHeaders = [
  { header: /^libbase64\.h$/, rooms: ["text"] },
  { header: /^simdjson\.h$/, rooms: ["json"] },
  { header: /^emscripten/, rooms: [] },
];

/** Files of wasm/, by name, and the rooms each may include. Any of them may include "abi.h". */
const wasmParts = [
  { file: /^runtime_/, rooms: ["base", "runtime"] },
  { file: /^compiler_/, rooms: ["base", "compile/driver"] },
  { file: /^storage_/, rooms: ["base", "storage"] },
  { file: /./, rooms: ["base"] },
];

/** Rooms of js/, the rooms each may import, and the modules from outside. `null`: any module. */
const jsRooms = {
  abi: { rooms: [], modules: [] },
  client: { rooms: [], modules: [] },
  worker: { rooms: ["abi"], modules: [] },
  stored: { rooms: ["worker", "abi"], modules: [] },
  backend: { rooms: ["worker", "abi"], modules: [] },
  saves: { rooms: ["abi", "worker"], modules: [] },
  engine: { rooms: ["worker", "stored", "saves"], modules: ["node:fs"] },
  local: { rooms: ["abi"], modules: null },
  nats: { rooms: ["abi", "local"], modules: null },
  explain: { rooms: [], modules: [] },
  sessions: { rooms: ["abi"], modules: [] },
  serve: { rooms: ["local", "nats"], modules: null },
  testing: { rooms: ["serve", "cli"], modules: null },
  cli: { rooms: ["abi", "explain", "serve", "nats"], modules: null },
};

/** Files of js/engine are entries: each reads a wasm file in its host's way. Nothing else may do so. */
const engineRoom = "engine";
/** Only these have the part for KV and R2. */
const storedEngine = /^js\/engine\/stored-/;

const problems = [];
let edges = 0;

checkCpp();
checkWasm();
checkJs();

if (problems.length > 0) {
  console.error(problems.join("\n"));
  console.error(`layering: ${problems.length} edges that are not allowed`);
  process.exit(1);
}
console.log(`layering: ${edges} edges, all allowed`);

function checkCpp() {
  for (const file of filesIn("src", /\.(h|cpp|def)$/)) {
    const room = cppRoomOf(file.slice("src/".length));
    if (room === undefined) {
      problems.push(`${file}: is in no known room`);
      continue;
    }
    const allowed = [room, ...cppRooms[room]];
    checkOwnHeader(file);
    for (const include of includesOf(file)) {
      if (include.system) checkGuarded(file, include, [room]);
      else checkCppEdge(file, include, allowed);
    }
  }
}

/** A source includes the header of its name first: that is how we know that the header compiles alone. */
function checkOwnHeader(file) {
  const header = file.replace(/\.cpp$/, ".h");
  if (header === file || !existsSync(join(root, header))) return;
  const first = includesOf(file).next().value;
  if (first === undefined || `src/${first.path}` !== header)
    report(file, first?.line ?? 1, `must include "${header.slice("src/".length)}" first`);
}

function checkWasm() {
  for (const file of filesIn("wasm", /\.(h|cpp)$/)) {
    const name = file.slice("wasm/".length);
    const part = wasmParts.find((candidate) => candidate.file.test(name));
    for (const include of includesOf(file)) {
      if (include.system) {
        if (!/^emscripten/.test(include.path)) checkGuarded(file, include, []);
      } else if (include.path.includes("/")) {
        checkCppEdge(file, include, part.rooms);
      } else if (wasmPrefix(include.path) !== "" && wasmPrefix(include.path) !== wasmPrefix(name)) {
        report(file, include.line, `includes "${include.path}" of the other module`);
      }
    }
  }
}

function wasmPrefix(name) {
  return /^(runtime|compiler|storage)_/.exec(name)?.[1] ?? "";
}

function checkCppEdge(file, include, allowed) {
  edges += 1;
  const target = cppRoomOf(include.path);
  if (target === undefined) {
    report(file, include.line, `includes "${include.path}", which is not in a room of src/`);
  } else if (!allowed.includes(target)) {
    report(file, include.line, `may not include "${include.path}" (room ${target})`);
  } else if (include.path.startsWith(`${target}/detail/`) && !file.startsWith(`src/${target}/`)) {
    report(file, include.line, `includes "${include.path}", private to room ${target}`);
  }
}

function checkGuarded(file, include, rooms) {
  const guard = guardedHeaders.find(({ header }) => header.test(include.path));
  if (guard === undefined) return;
  edges += 1;
  if (!rooms.some((room) => guard.rooms.includes(room))) {
    const through =
      guard.rooms.length > 0 ? `use room ${guard.rooms.join(", ")}` : "only wasm/ may";
    report(file, include.line, `may not include <${include.path}>: ${through}`);
  }
}

function checkJs() {
  for (const file of filesIn("js", /\.ts$/)) {
    const room = file.split("/").length > 2 ? file.split("/")[1] : undefined;
    if (room === undefined) continue; // declarations for all rooms, such as js/wasm.d.ts
    const rule = jsRooms[room];
    if (rule === undefined) {
      problems.push(`${file}: js/${room} is not a known room`);
      continue;
    }
    for (const { specifier, line } of importsOf(file)) {
      edges += 1;
      if (!specifier.startsWith(".")) {
        if (rule.modules !== null && !rule.modules.includes(specifier)) {
          report(file, line, `may not import "${specifier}"`);
        }
        continue;
      }
      const target = posix.join(posix.dirname(file), specifier);
      if (target.endsWith(".wasm")) {
        if (room !== engineRoom) report(file, line, "only an engine may import a wasm file");
      } else if (!target.startsWith("js/")) {
        report(file, line, `imports "${specifier}" from outside js/`);
      } else if (
        target.startsWith("js/stored/") &&
        room === engineRoom &&
        !storedEngine.test(file)
      ) {
        report(file, line, "only a stored engine may import from js/stored");
      } else if (![room, ...rule.rooms].includes(target.split("/")[1])) {
        report(file, line, `may not import "${specifier}" (room ${target.split("/")[1]})`);
      }
    }
  }
}

/** The room a path under src/ lies in, or undefined. */
function cppRoomOf(path) {
  return Object.keys(cppRooms).find((room) => path.startsWith(`${room}/`));
}

function* includesOf(file) {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  for (const [index, text] of lines.entries()) {
    const match = /^\s*#\s*include\s*([<"])([^>"]+)[>"]/.exec(text);
    if (match !== null) yield { system: match[1] === "<", path: match[2], line: index + 1 };
  }
}

function* importsOf(file) {
  const text = readFileSync(join(root, file), "utf8");
  const pattern =
    /(?:^|[\n;])\s*(?:import|export)\s(?:[^"'`;]*?\sfrom\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/g;
  for (const match of text.matchAll(pattern)) {
    const line = text.slice(0, match.index + match[0].length).split("\n").length;
    yield { specifier: match[1] ?? match[2], line };
  }
}

/** Files below a top-level folder, as paths from the root with forward slashes, sorted. */
function filesIn(folder, pattern) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

function report(file, line, message) {
  problems.push(`${file}:${line}: ${message}`);
}
