// What the types of a query let a source say, and what they do not: checked by types.test.mjs.
import {
  CRUD,
  Orm,
  type Integer,
  type KValue,
  type OrderBy,
  type Rows,
  type Where,
} from "cloesce/backend";

class Artist {
  id!: Integer;
  name!: string;
}

class Album {
  id!: Integer;
  title!: string;
  note!: string | null;
  released!: Date;
  bytes!: Uint8Array;
  live!: boolean;
  artist: Artist | undefined;
  tracks!: Track[];
  text!: KValue<string> | null;
  describe(): string {
    return this.title;
  }
}

class Track {
  id!: Integer;
  seconds!: number;
  album: Album | undefined;
}

const anything: Where<Track> = {
  seconds: { gte: 60, not: { in: [61, 62] } },
  album: {
    title: { contains: "blue", mode: "insensitive" },
    note: null,
    live: true,
    released: { lt: new Date() },
    bytes: new Uint8Array([1]),
    artist: { name: { in: ["a", "b"] } },
    tracks: { some: { id: 7 }, none: {} },
  },
  OR: [{ id: 1 }, { album: null }],
  NOT: { id: { isNull: true } },
};
const order: readonly OrderBy<Track>[] = [{ album: { artist: { name: "asc" } } }, { id: "desc" }];

export async function ask(orm: Orm): Promise<Rows<Track>> {
  const listed = await orm.list(Track, {
    where: anything,
    orderBy: order,
    limit: 5,
    after: "x",
    include: { album: {} },
  });
  const rows = listed.unwrap();
  const next: string | null = rows.cursor;
  const count: number = (await orm.count(Track, { seconds: 1 })).unwrap();
  const exists: boolean = (await orm.exists(Track)).unwrap();
  return next === null || count === 0 || exists ? rows : rows;
}

export const wrong: readonly Where<Album>[] = [
  // @ts-expect-error no such column
  { titel: "x" },
  // @ts-expect-error a value of another type
  { title: 1 },
  // @ts-expect-error no text to look into
  { live: { contains: "x" } },
  // @ts-expect-error many rows are asked with some, every or none
  { tracks: { id: 1 } },
  // @ts-expect-error what is of KV is in no row
  { text: { isNull: true } },
  // @ts-expect-error a method is no column
  { describe: null },
];

// @ts-expect-error an order goes up or down
export const upwards: OrderBy<Album> = { title: "up" };
// @ts-expect-error many rows have no one value
export const many: OrderBy<Album> = { tracks: { id: "asc" } };

CRUD(["LIST"], { list: { where: ["title", "album.artist.name"] } });
