// A small app over the built core, for tests that speak to it in Node without a server.

import { CloesceApp, createWorker } from "cloesce/backend";
import { engine } from "cloesce/engine";
import { imageOf } from "./image.mjs";

const json = { parametersMedia: "Json", returnsMedia: "Json" };

/** A model with a table of its name in the interface of the app, without methods. */
export function sampleModel(name, columns, navigations) {
  const [model] = sampleCidl().models;
  return { ...model, name, table: name, columns, navigations, methods: [] };
}

/** The interface of the app: one model, one service. A fresh object each time. */
export function sampleCidl() {
  return {
    version: 1,
    name: "sample",
    workersUrl: "http://localhost/api",
    clientUrl: "",
    routePrefix: "api",
    environment: {
      name: "Env",
      file: "app.ts",
      bindings: [{ name: "db", kind: "D1" }],
      variables: [],
    },
    models: [
      {
        name: "Horse",
        file: "app.ts",
        storage: "D1",
        binding: "db",
        table: "Horse",
        columns: [
          { name: "id", type: "Integer", primaryKey: true },
          { name: "name", type: "Text" },
          { name: "born", type: { Nullable: "DateIso" } },
        ],
        navigations: [],
        dataSources: [],
        methods: [
          {
            name: "save",
            verb: "POST",
            static: true,
            builtin: "Save",
            parameters: [{ name: "model", type: { Partial: "Horse" } }],
            returns: { HttpResult: { Object: "Horse" } },
            ...json,
          },
          {
            name: "get",
            verb: "GET",
            static: true,
            builtin: "Get",
            parameters: [{ name: "id", type: "Integer" }],
            returns: { HttpResult: { Object: "Horse" } },
            ...json,
          },
          {
            name: "list",
            verb: "GET",
            static: true,
            builtin: "List",
            parameters: [],
            returns: { HttpResult: { Array: { Object: "Horse" } } },
            ...json,
          },
          {
            name: "greet",
            verb: "POST",
            static: false,
            parameters: [{ name: "who", type: "Text" }],
            returns: "Text",
            ...json,
          },
        ],
      },
    ],
    junctions: [],
    services: [
      {
        name: "Echo",
        file: "app.ts",
        attributes: [],
        methods: [
          {
            name: "any",
            verb: "POST",
            static: false,
            parameters: [{ name: "value", type: "JsonValue" }],
            returns: "JsonValue",
            ...json,
          },
          {
            name: "ping",
            verb: "GET",
            static: false,
            parameters: [{ name: "count", type: "Integer" }],
            returns: "Integer",
            ...json,
          },
          { name: "boom", verb: "GET", static: false, parameters: [], returns: "Void", ...json },
        ],
      },
    ],
    plainObjects: [],
    exports: [],
  };
}

/** The image of the app, made before tests count the instances of the core. */
const sampleImage = imageOf(sampleCidl());

/** The app's worker. `database` stands behind the binding `db`; `options` are those of CloesceApp. */
export function sampleWorker({ database, ...options } = {}) {
  class Horse {
    greet(who) {
      return `hello ${who}, I am ${this.name}${this.born instanceof Date ? `, born ${this.born.getUTCFullYear()}` : ""}`;
    }
  }
  class Echo {
    any(value) {
      return value;
    }
    ping(count) {
      return count + 1;
    }
    boom() {
      throw new Error("secret detail");
    }
  }
  const app = new CloesceApp(options);
  const worker = createWorker({ engine, image: sampleImage, classes: { Horse, Echo }, app });
  const env = { db: database };
  return {
    app,
    classes: { Horse, Echo },
    /** Sends a request and answers the response. */
    send(method, path, body, headers = {}) {
      const init = {
        method,
        headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
      };
      if (body !== undefined) Object.assign(init, { body, duplex: "half" });
      return worker.fetch(new Request(`http://localhost/api/${path}`, init), env, {});
    },
  };
}
