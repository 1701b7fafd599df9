// A project on KV, R2 and D1 as the compiler writes it, by hand: for tests of the runtime alone.

const nullable = (type) => ({ Nullable: type });

function method(name, verb, parameters, returns, more = {}) {
  return {
    name,
    verb,
    static: true,
    parameters: Object.entries(parameters).map(([name, type]) => ({ name, type })),
    returns,
    parametersMedia: "Json",
    returnsMedia: returns === "Stream" || returns === "Blob" ? "Octet" : "Json",
    ...more,
  };
}

const instance = { static: false };
const deleteMethod = method("delete", "DELETE", {}, "Void", { ...instance, builtin: "Delete" });
const pageParameters = {
  prefix: nullable("Text"),
  cursor: nullable("Text"),
  limit: nullable("Integer"),
};

function kvModel(name, binding, value, methods = [], kv) {
  const stream = value === "Stream";
  const result = stream ? "Stream" : { Object: name };
  return {
    name,
    file: "src/a.cloesce.ts",
    storage: "KV",
    binding,
    value,
    ...(kv === undefined ? {} : { kv }),
    methods: [
      method(
        "save",
        stream ? "PUT" : "POST",
        {
          key: "Text",
          value,
          metadata: nullable("JsonValue"),
          expirationTtl: nullable("Integer"),
          expiration: nullable("Integer"),
        },
        stream ? "Void" : { Object: name },
        {
          builtin: "Save",
          parametersMedia: stream ? "Octet" : value === "Blob" ? "FormData" : "Json",
        },
      ),
      method("get", "GET", { key: "Text" }, result, { builtin: "Get" }),
      ...(stream
        ? []
        : [method("list", "GET", pageParameters, { Page: { Object: name } }, { builtin: "List" })]),
      deleteMethod,
      ...methods,
    ],
  };
}

/** The interface; `env` members are `db`, `NS`, `BUCKET`, `ENDPOINT`, `KEY_ID` and `SECRET`. */
export const storedInterface = {
  version: 1,
  name: "stored",
  workersUrl: "http://127.0.0.1:8787/api",
  routePrefix: "api",
  environment: {
    name: "Env",
    file: "src/a.cloesce.ts",
    bindings: [
      { name: "db", kind: "D1" },
      { name: "NS", kind: "KV" },
      { name: "BUCKET", kind: "R2", bucket: "the-bucket" },
    ],
    variables: [
      { name: "ENDPOINT", kind: "R2Endpoint" },
      { name: "KEY_ID", kind: "R2AccessKeyId" },
      { name: "SECRET", kind: "R2SecretAccessKey" },
    ],
  },
  models: [
    kvModel("TextEntry", "NS", "Text", [
      method("shout", "GET", {}, "Text", instance),
      method("echo", "POST", { entry: { Object: "TextEntry" } }, { Object: "TextEntry" }),
    ]),
    kvModel(
      "JsonEntry",
      "NS",
      "JsonValue",
      [method("self", "GET", {}, { Object: "JsonEntry" }, instance)],
      {
        expirationTtl: 3600,
        cacheTtl: 60,
      },
    ),
    kvModel("BytesEntry", "NS", "Blob", [method("size", "GET", {}, "Integer", instance)]),
    kvModel("StreamEntry", "NS", "Stream", [method("read", "GET", {}, "Stream", instance)]),
    {
      name: "Picture",
      file: "src/a.cloesce.ts",
      storage: "R2",
      binding: "BUCKET",
      methods: [
        method("head", "HEAD", { key: "Text" }, "R2Object", { builtin: "Head" }),
        method("get", "GET", { key: "Text" }, "Stream", { builtin: "Get" }),
        method(
          "put",
          "PUT",
          {
            key: "Text",
            value: "Stream",
            contentType: nullable("Text"),
            metadata: nullable("JsonValue"),
          },
          { Object: "Picture" },
          { builtin: "Put", parametersMedia: "Octet" },
        ),
        method("list", "GET", pageParameters, { Page: "R2Object" }, { builtin: "List" }),
        deleteMethod,
        method("describe", "GET", {}, "JsonValue", instance),
        method("self", "GET", {}, { Object: "Picture" }, instance),
        method("own", "HEAD", {}, "R2Object", instance),
      ],
    },
    {
      name: "Album",
      file: "src/a.cloesce.ts",
      storage: "D1",
      binding: "db",
      table: "Album",
      columns: [
        { name: "id", type: "Integer", primaryKey: true },
        { name: "title", type: "Text" },
        { name: "file", type: nullable("Text") },
        { name: "setKey", type: nullable("Text") },
      ],
      navigations: [
        {
          name: "tracks",
          kind: "OneToMany",
          model: "Track",
          keyOwner: "Target",
          columns: ["albumId"],
        },
      ],
      keyParameters: ["viewer"],
      stored: [
        {
          name: "settings",
          kind: "KV",
          binding: "NS",
          keyTemplate: "albums/{id}/settings",
          value: "JsonValue",
        },
        {
          name: "blurb",
          kind: "KV",
          binding: "NS",
          keyTemplate: "albums/{id}/blurb",
          value: "Text",
        },
        { name: "cover", kind: "R2", binding: "BUCKET", keyTemplate: "covers/{id}.png" },
        {
          name: "seen",
          kind: "KV",
          binding: "NS",
          keyTemplate: "seen/{viewer}/{id}",
          value: "Text",
        },
        {
          name: "notes",
          kind: "KV",
          binding: "NS",
          keyTemplate: "notes/{id}/",
          form: "List",
          value: "Text",
        },
        {
          name: "notePage",
          kind: "KV",
          binding: "NS",
          keyTemplate: "notes/{id}/",
          form: "Page",
          value: "Text",
        },
        {
          name: "scans",
          kind: "R2",
          binding: "BUCKET",
          keyTemplate: "scans/{id}/",
          form: "List",
        },
        { name: "download", kind: "R2Download", binding: "BUCKET", keyColumn: "file" },
        { name: "set", kind: "KV", binding: "NS", keyColumn: "setKey", value: "JsonValue" },
        {
          name: "thumbnail",
          kind: "KV",
          binding: "NS",
          keyTemplate: "thumbnails/{id}",
          value: "Blob",
        },
      ],
      dataSources: [
        { name: "default", tree: { settings: {}, blurb: {}, cover: {} } },
        { name: "lists", tree: { notes: {}, notePage: { limit: 2 }, scans: {} } },
        {
          name: "downloads",
          tree: { download: { expiresIn: 600, ResponseContentType: "image/x" }, set: {} },
        },
        { name: "tracks", tree: { tracks: { lyrics: {} }, seen: {}, thumbnail: {} } },
      ],
      methods: [
        method(
          "save",
          "POST",
          { model: { Partial: "Album" } },
          { Object: "Album" },
          { builtin: "Save" },
        ),
        method(
          "get",
          "GET",
          { id: "Integer", viewer: "Text" },
          { Object: "Album" },
          { builtin: "Get" },
        ),
        method("list", "GET", {}, { Array: { Object: "Album" } }, { builtin: "List" }),
        deleteMethod,
        method("summary", "GET", {}, "JsonValue", instance),
        method("sum", "POST", { album: { Object: "Album" } }, "JsonValue"),
      ],
    },
    {
      name: "Track",
      file: "src/a.cloesce.ts",
      storage: "D1",
      binding: "db",
      table: "Track",
      columns: [
        { name: "id", type: "Integer", primaryKey: true },
        { name: "albumId", type: "Integer", references: { model: "Album", column: "id" } },
      ],
      stored: [
        { name: "lyrics", kind: "KV", binding: "NS", keyTemplate: "lyrics/{id}", value: "Text" },
      ],
    },
    {
      name: "Account",
      file: "src/a.cloesce.ts",
      storage: "Keys",
      keyParameters: ["user", "place"],
      stored: [
        {
          name: "settings",
          kind: "KV",
          binding: "NS",
          keyTemplate: "accounts/{user}/{place}",
          value: "JsonValue",
        },
        {
          name: "files",
          kind: "R2",
          binding: "BUCKET",
          keyTemplate: "accounts/{user}/",
          form: "Page",
        },
      ],
      dataSources: [{ name: "default", tree: { settings: {}, files: { limit: 2 } } }],
      methods: [
        method(
          "get",
          "GET",
          { user: "Text", place: "Text" },
          { Object: "Account" },
          { builtin: "Get" },
        ),
        method("greet", "GET", {}, "Text", instance),
      ],
    },
  ],
};

/** The classes of the interface. */
export function storedClasses() {
  class Entry {}
  class TextEntry extends Entry {
    shout() {
      return `${this.key}: ${this.value.toUpperCase()}`;
    }
    static echo(entry) {
      if (!(entry instanceof TextEntry)) throw new Error("no instance");
      return entry;
    }
  }
  class JsonEntry extends Entry {
    self() {
      return this;
    }
  }
  class BytesEntry extends Entry {
    size() {
      return this.value.byteLength;
    }
  }
  class StreamEntry extends Entry {
    read() {
      return this.value;
    }
  }
  class Picture {
    describe() {
      const headers = new Headers();
      this.head.writeHttpMetadata(headers);
      return {
        uploaded: this.head.uploaded instanceof Date,
        md5: new Uint8Array(this.head.checksums.md5).length,
        headers: [...headers],
      };
    }
    self() {
      return this;
    }
    own() {
      return this;
    }
  }
  class Album {
    summary() {
      return {
        viewer: this.viewer ?? null,
        settings: this.settings?.value ?? null,
        thumbnail: this.thumbnail ? this.thumbnail.value.byteLength : null,
        seen: this.seen?.value ?? null,
        lyrics: this.tracks?.map((track) => track.lyrics?.value ?? null),
        download: this.download
          ? [this.download.expires instanceof Date, this.download.size]
          : null,
      };
    }
    static sum(album) {
      return { title: album.title, settings: album.settings?.value ?? null };
    }
  }
  class Track {}
  class Account {
    greet() {
      return `${this.user}@${this.place} ${JSON.stringify(this.settings?.value ?? null)}`;
    }
  }
  return { TextEntry, JsonEntry, BytesEntry, StreamEntry, Picture, Album, Track, Account };
}

/** DDL of the two tables. */
export const storedTables = [
  `create table "Album" ("id" integer primary key, "title" text not null, "file" text, "setKey" text)`,
  `create table "Track" ("id" integer primary key, "albumId" integer not null references "Album" ("id"))`,
];
