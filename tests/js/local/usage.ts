// What the types of `cloesce/local` let a program say, and what they do not: checked by types.test.mjs.
import { createLocal } from "cloesce/local";
import type {
  Cache as PlatformCache,
  CacheStorage as PlatformCaches,
  D1Database as PlatformD1,
  KVNamespace as PlatformKv,
  R2Bucket as PlatformR2,
} from "@cloudflare/workers-types";

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
const holds = <Fact extends true>(fact: Fact): Fact => fact;

/** A Worker's bindings, as wrangler types them: by the platform's global names. */
interface WorkerEnv {
  KV: KVNamespace;
  FILES: R2Bucket;
  DB: D1Database;
}
declare function fetchOfWorker(env: WorkerEnv, caches: CacheStorage): Promise<void>;

const local = await createLocal({
  memory: true,
  kv: ["KV"],
  r2: { FILES: "files", COVERS: "/covers" },
  d1: ["DB"],
  cache: true,
  sites: { SITE: { root: "public", include: ["**/*.html"] } },
  clock: () => 0,
  durability: "power",
});
await fetchOfWorker(local.env, local.caches);

holds<Same<typeof local.env.KV, PlatformKv>>(true);
holds<Same<typeof local.env.SITE, PlatformKv>>(true);
holds<Same<typeof local.env.FILES, PlatformR2>>(true);
holds<Same<typeof local.env.COVERS, PlatformR2>>(true);
holds<Same<typeof local.env.DB, PlatformD1>>(true);
holds<Same<typeof local.caches, PlatformCaches>>(true);
holds<Same<typeof local.caches.default, PlatformCache>>(true);
holds<Same<keyof typeof local.env, "KV" | "FILES" | "COVERS" | "DB" | "SITE">>(true);

// The platform's own overloads decide what a call answers.
const text: string | null = await local.env.KV.get("key");
const known: Map<string, { a: number } | null> = await local.env.KV.get<{ a: number }>(
  ["key"],
  "json",
);
const body: ReadableStream | null = await local.env.KV.get("key", "stream");
const object: R2ObjectBody | null = await local.env.FILES.get("key");
const judged: R2ObjectBody | R2Object | null = await local.env.FILES.get("key", {
  onlyIf: { etagMatches: "x" },
});
const rows: { id: number }[] = (await local.env.DB.prepare("select 1").all<{ id: number }>())
  .results;
export const asked = [text, known, body, object, judged, rows];

const nothing = await createLocal({ root: ".cloesce" });
holds<Same<keyof typeof nothing.env, never>>(true);

// @ts-expect-error There is no such binding.
local.env.OTHER;
// @ts-expect-error A bucket is no namespace.
local.env.FILES satisfies KVNamespace;
// @ts-expect-error These are the two.
await createLocal({ memory: true, durability: "none" });
// @ts-expect-error Memory is asked for, or a root.
await createLocal({ memory: false });
local.close();
