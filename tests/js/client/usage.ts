// How callers use the generated client; type-checked by generated-types.test.mjs, never run.
import {
  Either,
  HttpResult,
  KValue,
  MediaType,
  R2Object,
  type DeepPartial,
  type Stream,
} from "cloesce/client";
import { configure, Horse, Person, StableService, type HorseDataSource } from "generated";

configure({ baseUrl: "/api", headers: () => ({ Authorization: "x" }), fetch });
configure({ headers: new Headers(), fetch: undefined });

const source: HorseDataSource = "withLikes";
const saved: HttpResult<Horse> = await Horse.save({ name: "x", likes: [{}, {}] }, source);
const horse = saved.data!;
// The result is a union on `ok`; whoever does not ask meets `data` and `message` that may be undefined.
const known: string = saved.ok ? saved.data.name : saved.message.trim();
const unasked: [Horse | undefined, string | undefined] = [saved.data, saved.message];
const standIn: HttpResult<Horse> = new HttpResult(true, 200, new Headers(), horse);
const refused: HttpResult<Horse> = new HttpResult(false, 404, new Headers(), undefined, "gone");
const either_: HttpResult<Horse> = new HttpResult<Horse>(known === "x", 200, new Headers());
const name = (result: HttpResult<{ name: string | null }>): string | null =>
  result instanceof HttpResult && result.ok ? result.data.name : null;
name(standIn);
const born: Date = horse.born;
const portrait: Uint8Array | null = horse.portrait;
const owner: Person | undefined = horse.owner;
const made: Horse = Object.assign(new Horse(), { id: 1, name: "x" });
const draft: DeepPartial<Horse> = { born, portrait, ...(owner && { owner: { id: owner.id } }) };
await Horse.save(draft);
await Horse.save(made);
const one: HttpResult<Horse> = await Horse.get(1, "withLikes", fetch);
const list: Horse[] | undefined = (await Horse.list()).data;
const found: Horse[] | null | undefined = (await Horse.search({ any: 1 }, null, null)).data;
const nothing: HttpResult<void> = await horse.like(new Person(), null, "none", (url, init) =>
  fetch(url, init),
);
await horse.delete();
const stream: Stream | undefined = (await StableService.stream(new Blob(["x"]))).data;
const bytes: Uint8Array | undefined = (await StableService.picture(1)).data;
await StableService.upload(new File(["x"], "x.txt"));
await StableService.upload(new ArrayBuffer(1));
await StableService.file(
  { title: "", issued: null, seal: bytes!, lines: [], parents: [], extra: {} },
  [new Blob(["x"])],
);
const partial: DeepPartial<Horse> | null | undefined = (await StableService.draft("x")).data;
const entry: KValue<Date> | undefined = (await StableService.cached()).data;
const object: R2Object | undefined = (await StableService.object()).data;
const either: Either<string, number> = Either.right(1);
const media: MediaType = MediaType.Json;
export {
  either_,
  refused,
  unasked,
  bytes,
  either,
  entry,
  found,
  list,
  media,
  nothing,
  object,
  one,
  partial,
  stream,
};

// @ts-expect-error: an unknown data source
await Horse.list("withEverything");
// @ts-expect-error: a column of another type
await Horse.save({ name: 1 });
// @ts-expect-error: methods are not part of a model's data
await Horse.save({ like: () => undefined });
// @ts-expect-error: a key of another type
await Horse.get("1");
// @ts-expect-error: a missing parameter
await StableService.upload();
// @ts-expect-error: services have no instances to call
await new StableService().ping();
// @ts-expect-error: data that nobody asked `ok` about
saved.data.name;
// @ts-expect-error: a success has no message
if (saved.ok) saved.message.trim();
