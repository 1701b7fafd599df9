// Serves one request: performs the steps that the core asks for until the response is there.

import { CoreFailure } from "../abi/instance.js";
import { bodyForm, dispatchFlag, outcome, readyMade, stepKind } from "../abi/step.js";
import type { AppCore, Step } from "./app-core.js";
import { asDeclared, holdsBlob, readFiles, type ReceivedBlob } from "./blobs.js";
import { type BodyBytes, bodyBytes, bodyText, isFaithful, readBody, shortBytes } from "./body.js";
import {
  DependencyContainer,
  makeServiceRegistry,
  nameOfKey,
  type ServiceRegistry,
} from "./container.js";
import { type D1DatabaseLike, prepareBatch, runBatch } from "./d1.js";
import type { Engine } from "./engine.js";
import { readForm } from "./form.js";
import type { Hooks } from "./hooks.js";
import { HttpResult } from "./http-result.js";
import type { Route } from "./manifest.js";
import { headHeaders, type R2ObjectLike } from "./r2-object.js";
import { internalFailure, problemType, toResponse, valueResponse } from "./responses.js";
import { type ClassRegistry, type Revival, revive } from "./revive.js";
import { serveObject } from "./serve-object.js";
import { answerEnd, bindingOf, performStorage, type StorageContext } from "./storage.js";
import {
  deleteKey,
  type KvWrite,
  putObject,
  type R2Write,
  saveEntry,
  StoreRefusal,
} from "./writes.js";

/** An app with everything that its requests share. */
export interface Host {
  readonly engine: Engine;
  readonly classes: ClassRegistry;
  readonly hooks: Hooks;
  /** Whether 500 answers carry the stack trace. */
  readonly debug: boolean;
  /** Made from the manifest on the first request. */
  registry: ServiceRegistry | null;
}

/** The DI lookups of `host`, made on first use. */
export function registryOf(host: Host, core: AppCore): ServiceRegistry {
  host.registry ??= makeServiceRegistry(core.manifest, host.classes);
  return host.registry;
}

/** Ends exchanges whose request was cancelled by the platform: their serving function is never resumed. */
const abandoned =
  typeof FinalizationRegistry === "undefined"
    ? null
    : new FinalizationRegistry<{ core: AppCore; exchange: number }>(({ core, exchange }) => {
        core.live--;
        core.end(exchange);
      });

/** Serves `request`; null when its path is not the app's. Never rejects. */
export async function serve(
  host: Host,
  request: Request,
  env: unknown,
  context: unknown,
): Promise<Response | null> {
  let serving: Serving | null = null;
  try {
    const core = host.engine.current();
    if (core.hooksVersion !== host.hooks.version) {
      const { names } = registryOf(host, core);
      core.setHooks(JSON.stringify(host.hooks.describe((key) => nameOfKey(names, key))));
      core.hooksVersion = host.hooks.version;
    }
    serving = new Serving(host, core, request, env, context);
    return await serving.run();
  } catch (error) {
    console.error(error);
    const failure = internalFailure(error, host.debug);
    const accept = request.headers.get("accept");
    if (serving === null || error instanceof CoreFailure)
      return toResponse(failure, null, accept, null);
    return serving.finish(failure, null);
  } finally {
    serving?.close();
  }
}

/** The head of a request in the form of the ABI. What only a body needs is looked up when there can be one. */
function headOf({ url, headers, method }: Request): string {
  const get = (name: string): string => (method === "GET" ? "" : (headers.get(name) ?? ""));
  const path = url.indexOf("/", url.indexOf("//") + 2);
  return `${method}\n${path < 0 ? "/" : url.slice(path)}\n${get("content-type")}\n${headers.get("accept") ?? ""}\n${get("content-length")}\n`;
}

/** One request on its way through the core. */
class Serving {
  readonly #host: Host;
  readonly #core: AppCore;
  readonly #request: Request;
  readonly #env: unknown;
  readonly #context: unknown;
  #container: DependencyContainer | null = null;
  /** The exchange in the core, 0 when there is none (any more). */
  #exchange = 0;
  #waited = false;
  #body: BodyBytes | string | null = null;
  /** Blobs of the request that the host keeps: an octet body, or the parts of a form. */
  #blobs: readonly ReceivedBlob[] = [];
  /** Bytes and streams out of storage that the core knows by their index. */
  readonly #kept: unknown[] = [];

  constructor(host: Host, core: AppCore, request: Request, env: unknown, context: unknown) {
    this.#host = host;
    this.#core = core;
    this.#request = request;
    this.#env = env;
    this.#context = context;
  }

  async run(): Promise<Response | null> {
    const core = this.#core;
    const first = core.begin(headOf(this.#request));
    if (first === null)
      return this.finish(HttpResult.fail(414, "CLO1003: the URL and headers are too long"), null);
    let step: Step = first;
    if (step.exchange !== 0) this.#open(step.exchange);
    for (;;) {
      const route = core.manifest.routes[step.route];
      switch (step.kind) {
        case stepKind.foreign:
          this.#over();
          return null;
        case stepKind.respond:
          return await this.#respond(step, route ?? null);
        case stepKind.services: {
          const indices = JSON.parse(core.core.text(step.text, step.textLength)) as number[];
          const stopping = this.#initialize(indices, 0);
          const stopped = stopping instanceof Promise ? await stopping : stopping;
          if (stopped !== null) return this.finish(stopped, route ?? null);
          step = core.resume(step.exchange);
          break;
        }
        case stepKind.middleware: {
          this.#wait();
          const stopped = await this.#host.hooks.run(step.status, route, this.#di());
          if (stopped !== null) return this.finish(stopped, null);
          step = core.resume(step.exchange);
          break;
        }
        case stepKind.body:
          this.#wait();
          step = await this.#readBody(step);
          break;
        case stepKind.query:
          this.#wait();
          step = await this.#query(step);
          break;
        case stepKind.storage:
          this.#wait();
          step = await this.#storage(step);
          break;
        case stepKind.dispatch:
          return await this.#dispatch(step, route as Route);
        case stepKind.object:
          return await this.#object(step, route as Route);
        default:
          throw new Error(`the core asked for an unknown step ${step.kind}`);
      }
    }
  }

  /** Sends `result` through the result hooks and makes it a response. */
  async finish(result: HttpResult, route: Route | null): Promise<Response> {
    let final = result;
    try {
      for (const hook of this.#host.hooks.result) {
        const answer = await hook(this.#di(), final);
        if (answer instanceof HttpResult) final = answer;
      }
      return await toResponse(final, final === result ? route : null, this.#accept, this.#core);
    } catch (error) {
      console.error(error);
      return toResponse(internalFailure(error, this.#host.debug), null, this.#accept, null);
    }
  }

  /** Frees what is still held in the core. */
  close(): void {
    const exchange = this.#exchange;
    if (exchange === 0) return;
    this.#over();
    this.#core.end(exchange);
  }

  #open(exchange: number): void {
    this.#exchange = exchange;
    this.#core.live++;
  }

  /** Must be called before anything is waited for: the platform may cancel the request meanwhile. */
  #wait(): void {
    if (this.#waited) return;
    this.#waited = true;
    abandoned?.register(this, { core: this.#core, exchange: this.#exchange }, this);
  }

  #over(): void {
    if (this.#exchange === 0) return;
    this.#exchange = 0;
    this.#core.live--;
    if (this.#waited) abandoned?.unregister(this);
  }

  get #accept(): string | null {
    return this.#request.headers.get("accept");
  }

  #di(): DependencyContainer {
    this.#container ??= new DependencyContainer(
      registryOf(this.#host, this.#core),
      this.#request,
      this.#env,
      this.#context,
    );
    return this.#container;
  }

  /** Makes services ready, without a promise where none of them waits; answers the result that stopped it. */
  #initialize(
    indices: readonly number[],
    from: number,
  ): HttpResult | null | Promise<HttpResult | null> {
    for (let at = from; at < indices.length; at++) {
      const service = this.#core.manifest.services[indices[at] as number];
      const answer = service === undefined ? undefined : this.#di().initialize(service);
      if (answer instanceof Promise) {
        this.#wait();
        return answer.then((value) => stopBy(value) ?? this.#initialize(indices, at + 1));
      }
      const stopped = stopBy(answer);
      if (stopped !== null) return stopped;
    }
    return null;
  }

  async #readBody(step: Step): Promise<Step> {
    const core = this.#core;
    const { exchange } = step;
    try {
      if (step.status === bodyForm.form) {
        const form = await readForm(this.#request, step.limit);
        if (form === null) return core.resume(exchange, outcome.tooLarge);
        this.#blobs = form.blobs;
        return core.resumeText(exchange, outcome.done, form.description);
      }
      const declared = Number(this.#request.headers.get("content-length") ?? Number.NaN);
      if (step.status === bodyForm.bytes && declared <= Math.min(shortBytes, step.limit)) {
        const text = await this.#request.text();
        // Only a request that was made by other code of the Worker can be longer than it says.
        if (text.length > step.limit) return core.resume(exchange, outcome.tooLarge);
        this.#body = text;
        // The core says what is wrong with bytes that are no UTF-8.
        return isFaithful(text, declared)
          ? core.resumeText(exchange, outcome.done, text)
          : core.resumeChunks(exchange, [Uint8Array.of(0xff)], 1);
      }
      const body = await readBody(this.#request, declared, step.limit);
      if (body === null) return core.resume(exchange, outcome.tooLarge);
      if (step.status === bodyForm.kept) {
        this.#blobs = [
          {
            bytes: bodyBytes(body),
            file: null,
            type: this.#request.headers.get("content-type") ?? "",
          },
        ];
        return core.resume(exchange);
      }
      this.#body = body;
      return core.resumeChunks(exchange, body.chunks, body.total);
    } catch (error) {
      if (error instanceof CoreFailure) throw error;
      return core.resume(exchange, outcome.failed, messageOf(error));
    }
  }

  async #query(step: Step): Promise<Step> {
    const core = this.#core;
    const name = core.core.text(step.text, step.textLength);
    const database = bindingOf<D1DatabaseLike>(this.#env, name);
    // What needs no row is read at the same time.
    const operations = core.core.text(step.blobs, step.limit);
    const batch = prepareBatch(core, step, database);
    return this.#resumeWith(step, async () => {
      if (operations === "") return runBatch(database, batch);
      const answers = [runBatch(database, batch), performStorage(operations, this.#stores())];
      return (await Promise.all(answers)).join(answerEnd);
    });
  }

  async #storage(step: Step): Promise<Step> {
    const operations = this.#core.core.text(step.bytes, step.bytesLength);
    return this.#resumeWith(step, () => performStorage(operations, this.#stores()));
  }

  #stores(): StorageContext {
    return storageContext(this.#core, this.#env, this.#kept);
  }

  async #resumeWith(step: Step, work: () => Promise<string>): Promise<Step> {
    const core = this.#core;
    let reply: string;
    try {
      reply = await work();
    } catch (error) {
      if (error instanceof CoreFailure) throw error;
      const next = core.resume(step.exchange, outcome.failed, messageOf(error));
      // A conflict is the caller's business; what the core makes a 500 of is ours.
      if (next.status >= 500) console.error(error);
      return next;
    }
    return core.resumeText(step.exchange, outcome.done, reply);
  }

  async #dispatch(step: Step, route: Route): Promise<Response> {
    const core = this.#core.core;
    const selfText = core.text(step.text, step.textLength);
    const body = this.#body;
    const argumentsText =
      (step.flags & dispatchFlag.argumentsAreBody) !== 0 && body !== null
        ? typeof body === "string"
          ? body
          : bodyText(body)
        : core.text(step.bytes, step.bytesLength);
    // User code may take its time, and memory.
    this.#body = null;
    if (step.count > 0) {
      this.#blobs = this.#core.decodedBlobs(step).map((bytes) => ({ bytes, file: null, type: "" }));
    }
    this.#over();
    if (this.#blobs.some((blob) => blob.bytes === null) && takesBytes(route, this.#core)) {
      this.#blobs = await readFiles(this.#blobs);
    }
    const value =
      (step.flags & dispatchFlag.readyMade) === 0
        ? this.#invoke(route, selfText, argumentsText)
        : this.#readyMade(step.status, route, selfText, argumentsText);
    const result = this.#passedOn(value instanceof Promise ? await value : value);
    if (result instanceof HttpResult) return this.finish(result, route);
    if (this.#request.method === "HEAD") {
      const head = headResult(result);
      if (head !== null) return this.finish(head, route);
    }
    if (this.#host.hooks.result.length === 0) {
      return valueResponse(result, route, 200, null, this.#accept, this.#core);
    }
    return this.finish(HttpResult.ok(200, result), route);
  }

  /**
   * A request's own body as a result: wrangler's development proxy refuses it, so it goes through a pipe. The platform
   * moves the bytes; none of them enters JavaScript.
   */
  #passedOn(value: unknown): unknown {
    const given = value instanceof HttpResult ? value.data : value;
    if (!(given instanceof ReadableStream)) return value;
    const { body } = this.#request;
    if (given !== body) return value;
    const Pipe =
      (globalThis as { IdentityTransformStream?: typeof TransformStream })
        .IdentityTransformStream ?? TransformStream;
    const piped: ReadableStream = body.pipeThrough(new Pipe());
    if (!(value instanceof HttpResult)) return piped;
    value.data = piped;
    return value;
  }

  /** What user code gets for the arguments of a request, in order; injected values among them. */
  #arguments(route: Route, argumentsText: string): unknown[] {
    const revival: Revival = {
      shapes: this.#core.manifest.shapes,
      classes: this.#host.classes,
      blob: (value, form) => asDeclared(this.#blob(value), form),
      stream: () => this.#request.body ?? new Response("").body,
    };
    const given =
      argumentsText === "" ? {} : (JSON.parse(argumentsText) as Record<string, unknown>);
    const values = new Array<unknown>(route.parameters.length);
    for (let index = 0; index < values.length; index++) {
      const parameter = route.parameters[index];
      if (parameter === undefined) continue;
      const injected = parameter.inject !== null || parameter.binding !== null;
      values[index] = injected
        ? this.#di().resolve(parameter)
        : revive(given[parameter.name] ?? null, parameter.shape, revival);
    }
    return values;
  }

  #invoke(route: Route, selfText: string, argumentsText: string): unknown {
    const values = this.#arguments(route, argumentsText);
    const receiver = this.#receiver(route, selfText) as Record<
      string,
      (...values: unknown[]) => unknown
    >;
    const method = receiver[route.method];
    if (method === undefined) throw new Error(`${route.namespace} has no method ${route.method}`);
    return method.apply(receiver, values);
  }

  /** A number is one of the request's blobs, a text is base64 out of the database. */
  #blob(value: number | string): ReceivedBlob {
    if (typeof value === "string")
      return { bytes: this.#core.decodeBase64(value), file: null, type: "" };
    return this.#blobs[value] ?? { bytes: null, file: null, type: "" };
  }

  #receiver(route: Route, selfText: string): unknown {
    if (route.scope === "static") return this.#host.classes[route.namespace];
    if (route.scope === "service") return this.#di().get(route.namespace);
    return this.#instance(selfText, route.self);
  }

  #instance(text: string, shape: number): unknown {
    return revive(
      JSON.parse(text),
      shape,
      storedRevival(this.#core, this.#host.classes, this.#kept),
    );
  }

  /** A ready-made method on KV or R2, as if user code had answered its result. */
  async #readyMade(
    method: number,
    route: Route,
    selfText: string,
    argumentsText: string,
  ): Promise<unknown> {
    const { manifest } = this.#core;
    const store = manifest.stores[route.namespace];
    if (store === undefined) throw new Error(`${route.namespace} has no store`);
    if (method === readyMade.get) {
      const shape = manifest.models[route.namespace] ?? -1;
      const entry = this.#instance(selfText, shape) as { value: unknown };
      return route.returns.kind === "Stream" ? entry.value : entry;
    }
    const env = this.#env;
    try {
      if (method === readyMade.delete) {
        await deleteKey(env, store, (JSON.parse(argumentsText) as { key: string }).key);
        return undefined;
      }
      const values = this.#arguments(route, argumentsText);
      const given = Object.fromEntries(
        route.parameters.map((parameter, index) => [parameter.name, values[index]]),
      );
      const length = this.#request.headers.get("content-length");
      // Of an upload the body is the value; an empty one may be none.
      const { body } = this.#request;
      if (store.value === "stream" || method === readyMade.put)
        given["value"] = body ?? new Uint8Array();
      if (method === readyMade.save) {
        const entry = given as unknown as KvWrite;
        const saved = await saveEntry(env, store, entry, length === null ? null : Number(length));
        return route.returns.kind === "Void" ? undefined : saved;
      }
      if (body !== null && length === null)
        throw new StoreRefusal(411, "the upload must say its content-length");
      return await putObject(env, store, given as unknown as R2Write);
    } catch (error) {
      if (error instanceof StoreRefusal) return HttpResult.fail(error.status, error.message);
      throw error;
    }
  }

  /** Serves the object that a step names. */
  async #object(step: Step, route: Route): Promise<Response> {
    const { core } = this.#core;
    const bucket = bindingOf(this.#env, core.text(step.text, step.textLength));
    const key = core.text(step.bytes, step.bytesLength);
    this.#over();
    return this.finish(await serveObject(bucket, key, this.#request), route);
  }

  #respond(step: Step, route: Route | null): Response | Promise<Response> {
    const core = this.#core.core;
    const lines = core.text(step.text, step.textLength);
    const given = headersOf(lines);
    // A short text is cheaper for the platform than its bytes.
    const body =
      step.bytesLength === 0
        ? null
        : step.bytesLength < shortAnswer && lines.startsWith("content-type: application/json\n")
          ? core.text(step.bytes, step.bytesLength)
          : core.copy(step.bytes, step.bytesLength);
    this.#over();
    if (this.#host.hooks.result.length === 0)
      return new Response(body, { status: step.status, headers: given });
    const headers = new Headers(given);
    const text =
      body === null ? undefined : typeof body === "string" ? body : new TextDecoder().decode(body);
    if (step.status >= 400) {
      // The hooks see the failure's text; the form it goes out in is chosen again afterwards.
      const problem =
        headers.get("content-type")?.startsWith(problemType) === true && text !== undefined;
      const message = problem ? (JSON.parse(text) as { detail: string }).detail : text;
      headers.delete("content-type");
      return this.finish(new HttpResult(false, step.status, headers, undefined, message), route);
    }
    const data: unknown = text === undefined ? undefined : JSON.parse(text);
    return this.finish(new HttpResult(true, step.status, headers, data), route);
  }
}

/** Bytes of an answer below which it goes out as a text. */
const shortAnswer = 8 * 1024;

/** What an `init` answered, when it ends the request. */
function stopBy(answer: unknown): HttpResult | null {
  return answer instanceof HttpResult && !answer.ok ? answer : null;
}

/** Headers by the lines that the core wrote them as; there are few, and making them costs more than the rest. */
const knownHeaders = new Map<string, Headers>();

function headersOf(lines: string): Headers {
  let headers = knownHeaders.get(lines);
  if (headers === undefined) {
    headers = new Headers();
    for (const line of lines.split("\n")) {
      const colon = line.indexOf(": ");
      if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 2));
    }
    if (knownHeaders.size < 256) knownHeaders.set(lines, headers);
  }
  return headers;
}

/** Whether a parameter of the route is declared as bytes, which a form's files must be read for. */
function takesBytes(route: Route, core: AppCore): boolean {
  return route.parameters.some((parameter) =>
    holdsBlob(parameter.shape, core.manifest.shapes, (form) => form !== "Blob"),
  );
}

/** What the storage operations of an exchange in `core` share. */
export function storageContext(core: AppCore, env: unknown, kept: unknown[]): StorageContext {
  const { signing } = core.manifest;
  return { env, signing, kept, encodeBase64: (bytes) => core.encodeBase64(bytes) };
}

/** How values out of storage are revived: numbers stand for what was kept, texts for bytes in base64. */
export function storedRevival(
  core: AppCore,
  classes: ClassRegistry,
  kept: readonly unknown[],
): Revival {
  return {
    shapes: core.manifest.shapes,
    classes,
    blob: (value, form) => {
      const bytes = (
        typeof value === "number" ? kept[value] : core.decodeBase64(value)
      ) as Uint8Array<ArrayBuffer>;
      return asDeclared({ bytes, file: null, type: "" }, form);
    },
    stream: (value) => kept[value as number],
  };
}

/** The answer to a HEAD out of an R2 object, or of a model that has one; null when `value` is neither. */
function headResult(value: unknown): HttpResult | null {
  const candidate = value as (R2ObjectLike & { head?: R2ObjectLike }) | null | undefined;
  const object = candidate?.httpEtag === undefined ? candidate?.head : candidate;
  if (object?.httpEtag === undefined) return null;
  const result = HttpResult.ok(200);
  headHeaders(object, result.headers);
  return result;
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message === "" ? "failed" : message;
}
