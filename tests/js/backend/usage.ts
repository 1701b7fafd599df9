// What the types of `cloesce/backend` let a source say, and what they do not: checked by types.test.mjs.
import {
  KV,
  KVModel,
  R2Model,
  type DeepPartial,
  type IncludeTree,
  type Integer,
  type KValue,
  type Page,
  type R2Download,
  type R2DownloadOptions,
  type R2Object as StoredObject,
} from "cloesce/backend";

class Settings {
  dark!: boolean;
}

class Track {
  id!: Integer;
  album: Album | undefined;
  preview!: R2Download | null;
}

class Album {
  id!: Integer;
  title!: string;
  released!: Date;
  bytes!: Uint8Array;
  tracks!: Track[];
  cover: R2Download | undefined;
  theme!: KValue<Settings> | null;
  notes!: KValue<string>[];
  masters: Page<StoredObject> | undefined;
  notePages: Page<KValue<string>> | undefined;
  head!: StoredObject | null;
  heads!: StoredObject[];
  platformHead!: R2Object | null;
  like(): void {}
}

export const everything: IncludeTree<Album> = {
  tracks: { album: { cover: {} }, preview: { expiresIn: 60 } },
  cover: {
    expiresIn: 600,
    ResponseContentType: "image/png",
    ResponseContentDisposition: 'attachment; filename="cover.png"',
    PartNumber: 1,
  },
  theme: {},
  notes: {},
  masters: { limit: 50, cursor: "x" },
  notePages: {},
  head: {},
  heads: {},
  platformHead: {},
};

export const wrong: IncludeTree<Album>[] = [
  // @ts-expect-error a column is always read
  { title: {} },
  // @ts-expect-error a date is a column too
  { released: {} },
  // @ts-expect-error bytes are a column too
  { bytes: {} },
  // @ts-expect-error a method is nothing to read
  { like: {} },
  // @ts-expect-error there is no such member
  { trakcs: {} },
  // @ts-expect-error a download has no such option
  { cover: { expireIn: 600 } },
  // @ts-expect-error seconds are a number
  { cover: { expiresIn: "600" } },
  // @ts-expect-error an entry has no options
  { theme: { expiresIn: 600 } },
  // @ts-expect-error what is in a value is not chosen
  { theme: { value: {} } },
  // @ts-expect-error a complete list has no limit
  { notes: { limit: 10 } },
  // @ts-expect-error a page is not signed
  { masters: { expiresIn: 600 } },
  // @ts-expect-error a head has no options
  { head: { limit: 1 } },
  // @ts-expect-error the options of a field below a relation are checked too
  { tracks: { preview: { limit: 1 } } },
];

export const options: R2DownloadOptions = { ResponseCacheControl: "no-store" };
// @ts-expect-error a signed URL cannot carry a header
export const header: R2DownloadOptions = { IfMatch: '"etag"' };

@KV("SETTINGS", { expirationTtl: 60, cacheTtl: 30 })
export class Setting extends KVModel<Settings> {
  isDark(): boolean {
    const text: string = this.key;
    // @ts-expect-error metadata may be any JSON
    const metadata: string = this.metadata;
    return this.value.dark && text !== metadata;
  }
}

export class Picture extends R2Model {
  // What R2 says is what the platform's own type says.
  about(): R2Object {
    return this.head;
  }
}

export class Poster extends R2Model {
  // @ts-expect-error `head` is the object, so it cannot be a method
  head(): StoredObject {
    throw new Error();
  }
}

// What was made of an entry can be given back, in part or as a whole.
export const entry: KValue<Settings> = { key: "a", value: { dark: true }, metadata: null };
export const part: DeepPartial<Album> = { theme: { value: { dark: true } }, tracks: [{ id: 1 }] };
