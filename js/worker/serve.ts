// Serves one request: performs the steps that the core asks for until the response is there.

import {
  malformedUrl,
  malformedUrlStatus,
  originForeign,
  originForeignStatus,
} from "../abi/codes.js";
import { CoreFailure } from "../abi/instance.js";
import {
  bodyAgain,
  bodyAsForm,
  bodyIsKept,
  flagArgumentsAreBody,
  flagBlobIsStream,
  flagBodyDone,
  flagIncomplete,
  flagReadyMade,
  hooksOfInstance,
  hooksOfNamespace,
  hooksOfScope,
  outcomeDone,
  outcomeFailed,
  outcomeTooLarge,
  stepBody,
  stepDispatch,
  stepForeign,
  stepMiddleware,
  stepObject,
  stepQuery,
  stepRespond,
  stepServices,
  stepStorage,
  wordBeside,
  wordBlobs,
  wordBytes,
  wordCount,
  wordExchange,
  wordFlags,
  wordKind,
  wordLimit,
  wordRoute,
  wordStatus,
  wordText,
} from "../abi/step.js";
import { abandoned, type AppCore, type Step, type Waiting } from "./app-core.js";
import { failureText } from "./as-error.js";
import { bytesOf, holdsBlob, type ReceivedBlob } from "./blobs.js";
import { join, readBody, textOf } from "./body.js";
import { type Call, callOf, keyOf } from "./call.js";
import { DependencyContainer } from "./container.js";
import { isForeignForm } from "./cross-origin.js";
import { describeForm } from "./form.js";
import { type CallHook, hooksOf } from "./hooks.js";
import { coreOf, type Host, partOf, registryOf, storageOf } from "./host.js";
import { HttpResult } from "./http-result.js";
import type { Route, RouteParameter, ServiceDescription } from "./manifest.js";
import { newBatch, rootOf } from "./d1.js";
import { passedOn } from "./passed-on.js";
import { bindingOf, perform } from "./perform.js";
import { policyHeader } from "./r2-object.js";
import { failureOf, protect, streamOf, toResponse, valueResponse } from "./responses.js";
import { revive, type Revival } from "./revive.js";
import type { SaveRunner } from "./saves.js";
import { tellHooks } from "./tell-hooks.js";
import { visible } from "./visible.js";

/** What a request comes to; null when the path is not the app's. */
type Outcome = Response | null;

/** A failure as the core wrote it. */
interface WrittenFailure {
  readonly message: string;
  readonly type: string;
  readonly text: string | null;
}

type Method = (...values: unknown[]) => unknown;

/** Serves `request`; null when its path is not the app's. Never rejects. */
export async function serve(
  host: Host,
  request: Request,
  env: unknown,
  context: unknown,
): Promise<Response | null> {
  let serving: Serving | undefined;
  try {
    const core = coreOf(host);
    tellHooks(host, core);
    serving = new Serving(host, core, request, env, context);
    const outcome = serving.begin();
    // Without a promise where nothing is waited for.
    return outcome instanceof Promise ? await outcome : outcome;
  } catch (error) {
    const failure = failureOf(error, host.debug);
    return serving === undefined || error instanceof CoreFailure
      ? toResponse(failure, request)
      : serving.finish(failure);
  } finally {
    serving?.close();
  }
}

/** One request on its way through the core. */
class Serving {
  readonly #host: Host;
  readonly #core: AppCore;
  readonly #request: Request;
  readonly #env: unknown;
  readonly #di: DependencyContainer;
  readonly #method: string;
  /** Bytes of the body as its sender says, empty when nothing is said. */
  #declared = "";
  /** Shape of what the route answers. */
  #shape = -1;
  /** The exchange in the core, 0 when there is none (any more). */
  #exchange = 0;
  #waiting: Waiting | undefined;
  /** Of the last query. */
  readonly #batch = newBatch();
  /** What the core got of the body, for as long as it may ask again. */
  #body: Uint8Array<ArrayBuffer>[] | string = "";
  /** Blobs of the request that the host keeps: an octet body, or the parts of a form; or the body as a stream. */
  #blobs: unknown[] = [];
  /** The blobs as they came; what was declared as Blob is one of the files of a form. */
  #files = this.#blobs;
  /** Media type of a blob that is the whole body. */
  #type = "";
  /** Bytes and streams out of storage that the core knows by their index. */
  readonly #kept: unknown[] = [];
  /** The instance, once somebody asked for it. */
  #self: unknown;

  constructor(host: Host, core: AppCore, request: Request, env: unknown, context: unknown) {
    this.#host = host;
    this.#core = core;
    this.#request = request;
    this.#env = env;
    this.#di = new DependencyContainer(registryOf(host, core), request, env, context);
    this.#method = request.method;
  }

  /** Starts the exchange. */
  begin(): Outcome | Promise<Outcome> {
    const core = this.#core;
    const { url, headers } = this.#request;
    let type = "";
    // What only a body needs is looked up when there can be one.
    if (this.#method !== "GET") {
      this.#declared = headers.get("content-length") ?? "";
      type = headers.get("content-type") ?? "";
    }
    const path = url.indexOf("/", url.indexOf("//") + 2);
    const step = core.begin(
      `${this.#method}\n${path < 0 ? "/" : url.slice(path)}\n${type}\n${headers.get("accept") ?? ""}\n${this.#declared}\n`,
    );
    if (step === null)
      return this.finish(
        HttpResult.fail(malformedUrlStatus, `${malformedUrl}: the URL and headers are too long`),
      );
    this.#exchange = core.word(step, wordExchange);
    if (
      this.#method === "POST" &&
      isForeignForm(this.#request, type, this.#host.crossOrigin) &&
      core.word(step, wordKind) !== stepForeign
    )
      return this.finish(
        HttpResult.fail(
          originForeignStatus,
          `${originForeign}: Origin: a page of another origin sent this as a form; it sends JSON, or the option cors lists it`,
        ),
      );
    return this.#take(step);
  }

  /**
   * Does what `step` asks for, and goes on. Must be called at once: what a step points to is gone with the next call into
   * the core, which may be another request's as soon as anything is waited for.
   */
  #take(step: Step): Outcome | Promise<Outcome> {
    const core = this.#core;
    const { routes, services } = core.manifest;
    const route = routes[core.word(step, wordRoute)] ?? null;
    const kind = core.word(step, wordKind);
    this.#shape = route?.returns.shape ?? -1;
    switch (kind) {
      case stepForeign:
        this.#over();
        return null;
      case stepRespond:
        return this.#respond(step, route);
      case stepServices: {
        const indices = JSON.parse(core.textOf(step, wordText)) as number[];
        return this.#prepare(
          indices.map((index) => services[index] as ServiceDescription),
          [],
        );
      }
      case stepMiddleware: {
        const stage = core.word(step, wordStatus);
        if (stage === hooksOfScope) return this.#answerScopes(core.textOf(step, wordText));
        // A hook that came while the request was under way reaches services that the core did not ask for.
        return this.#prepare(
          services,
          hooksOf(this.#host.hooks, stage, route),
          route,
          route && this.#call(step, route, stage),
        );
      }
      case stepBody:
        return this.#readBody(core.word(step, wordStatus), core.word(step, wordLimit));
      case stepQuery:
      case stepStorage:
        return this.#perform(step, kind === stepQuery ? this.#saveRunner(route) : undefined);
      case stepDispatch:
        return this.#dispatch(step, route as Route);
      case stepObject: {
        const bucket = bindingOf(this.#env, core.textOf(step, wordText));
        const key = core.textOf(step, wordBytes);
        this.#over();
        const { pagePolicy } = this.#host;
        const headers = pagePolicy === undefined ? {} : { [policyHeader]: pagePolicy };
        const served = storageOf(this.#host).serveObject(bucket, key, this.#request, headers);
        return served.then((result) => this.finish(result, route));
      }
      default:
        throw new Error(`unknown step ${kind}`);
    }
  }

  /**
   * Sends `result` through the result hooks and makes it a response. `written` is how the core wrote a failure: it goes out
   * so where no hook made another of it.
   */
  async finish(
    result: HttpResult,
    route: Route | null = null,
    written?: WrittenFailure,
  ): Promise<Response> {
    let final = result;
    try {
      for (const hook of this.#host.hooks.result) {
        const answer = await hook(this.#di, final);
        if (answer instanceof HttpResult) final = answer;
      }
      const core = this.#core.broken ? null : this.#core;
      const own = final === result;
      // As the core wrote it, where no hook made another failure of it.
      if (own && written && final.message === written.message) {
        if (!final.headers.has("content-type")) final.headers.set("content-type", written.type);
        return new Response(written.text, { status: final.status, headers: final.headers });
      }
      // Hooks see all of what callers do not, and may answer objects of their own.
      const { status, headers, data } = final;
      const seen = this.#visible(data);
      return await toResponse(
        seen === data ? final : HttpResult.ok(status, seen, headers),
        this.#request,
        core,
        own ? route : null,
      );
    } catch (error) {
      return toResponse(failureOf(error, this.#host.debug), this.#request);
    }
  }

  #visible(value: unknown): unknown {
    return visible(value, this.#shape, this.#core.manifest.shapes);
  }

  /** Frees what is still held in the core. */
  close(): void {
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      abandoned?.unregister(this);
      this.#core.leave(waiting);
    } else if (this.#exchange !== 0) this.#core.end(this.#exchange);
  }

  /** Must be called before anything is waited for: the platform may cancel the request meanwhile. */
  #wait(): void {
    if (this.#waiting !== undefined) return;
    const core = this.#core;
    const waiting = (this.#waiting = core.wait(this.#exchange));
    abandoned?.register(this, { core, waiting }, this);
  }

  #over(): void {
    this.#exchange = 0;
    if (this.#waiting !== undefined) this.#waiting.exchange = 0;
  }

  /** Makes services ready; answers the result of one that refuses. */
  async #initialize(services: readonly ServiceDescription[]): Promise<HttpResult | undefined> {
    for (const service of services) {
      let answer = this.#di.initialize(service);
      if (answer instanceof Promise) {
        this.#wait();
        answer = await answer;
      }
      if (answer instanceof HttpResult && !answer.ok) return answer;
    }
    return undefined;
  }

  /** Finds out which rows of the models in `names` there are for this request. */
  async #answerScopes(names: string): Promise<Outcome> {
    const core = this.#core;
    this.#wait();
    const failed = await this.#initialize(core.manifest.services);
    if (failed !== undefined) return this.finish(failed);
    const scopes = await partOf(this.#host, "scopes")(this.#host.hooks, core, names, this.#di);
    return this.#take(core.resume(this.#exchange, outcomeDone, scopes));
  }

  /** Makes services ready, then runs hooks; a result that stands in the way of the method ends the request. */
  async #prepare(
    services: readonly ServiceDescription[],
    hooks: readonly CallHook<never>[],
    route: Route | null = null,
    call: Call | null = null,
  ): Promise<Outcome> {
    const failed = await this.#initialize(services);
    if (failed !== undefined) return this.finish(failed);
    if (hooks.length > 0) this.#wait();
    if (route !== null) await this.#readFiles(route);
    for (const middleware of hooks) {
      const answer = await middleware(this.#di, call as never);
      if (answer instanceof HttpResult) return this.finish(answer);
    }
    return this.#take(this.#core.resume(this.#exchange));
  }

  async #readBody(form: number, limit: number): Promise<Outcome> {
    const core = this.#core;
    const exchange = this.#exchange;
    this.#wait();
    let read: boolean;
    try {
      read = form === bodyAgain || (await this.#fetchBody(form, limit));
    } catch (error) {
      return this.#take(core.resume(exchange, outcomeFailed, failureText(error)));
    }
    const body = this.#body;
    return this.#take(
      !read
        ? core.resume(exchange, outcomeTooLarge)
        : typeof body === "string"
          ? core.resume(exchange, outcomeDone, body)
          : core.resumeChunks(exchange, body),
    );
  }

  /** Makes `#body` what the core is to have of the body; false when it is over the limit. */
  async #fetchBody(form: number, limit: number): Promise<boolean> {
    const request = this.#request;
    const declared = Number(this.#declared || Number.NaN);
    const isForm = form === bodyAsForm;
    const chunks = isForm && declared <= limit ? [] : await readBody(request, declared, limit);
    if (chunks === null) return false;
    const type = request.headers.get("content-type") ?? "";
    if (isForm) {
      // Without a declared length within the limit the platform must not read it by itself.
      const body =
        declared <= limit
          ? request
          : new Response(new Blob(chunks), { headers: { "content-type": type } });
      this.#body = await describeForm(await body.formData(), this.#blobs);
    } else if (form === bodyIsKept) {
      this.#blobs.push(await join(chunks));
      this.#type = type;
    } else {
      this.#body = chunks;
    }
    return true;
  }

  /** Of a ready-made SAVE to which its caller gave a key. No other POST without an instance asks for rows. */
  #saveRunner(route: Route | null): SaveRunner | undefined {
    const part = this.#host.saves;
    if (part === undefined || this.#method !== "POST" || route?.scope !== "static")
      return undefined;
    const key = this.#request.headers.get("idempotency-key");
    if (key === null) return undefined;
    const [, query = ""] = this.#request.url.split("?");
    return part(route.namespace, key, [`${query}\n`, ...[this.#body].flat()]);
  }

  /** Performs a query or storage step. */
  async #perform(step: Step, run?: SaveRunner): Promise<Outcome> {
    const core = this.#core;
    const exchange = this.#exchange;
    this.#wait();
    if ((core.word(step, wordFlags) & flagBodyDone) !== 0) this.#body = "";
    const reply = perform(this.#host, core, step, this.#env, this.#kept, this.#batch, null, run);
    let text: string;
    try {
      text = await reply;
    } catch (error) {
      if (error instanceof CoreFailure) throw error;
      const { cause } = error as Error;
      if (cause instanceof HttpResult) return this.finish(cause);
      const next = core.resume(exchange, outcomeFailed, failureText(error));
      // A conflict is the caller's business; what the core makes a 500 of, or passes over, is ours.
      if (core.word(next, wordStatus) >= 500 || (core.word(next, wordFlags) & flagIncomplete) !== 0)
        console.error(error);
      return this.#take(next);
    }
    return this.#take(core.resume(exchange, outcomeDone, text, () => rootOf(this.#batch)));
  }

  async #dispatch(step: Step, route: Route): Promise<Response> {
    const core = this.#core;
    const request = this.#request;
    const flags = core.word(step, wordFlags);
    const method = core.word(step, wordStatus);
    const self = core.textOf(step, wordText);
    const given =
      (flags & flagArgumentsAreBody) !== 0 ? this.#bodyText() : core.textOf(step, wordBytes);
    const count = core.word(step, wordCount);
    if (count > 0) this.#files = this.#blobs = core.decodedBlobs(core.word(step, wordBlobs), count);
    this.#over();
    if ((flags & flagBlobIsStream) !== 0)
      this.#files = this.#blobs = [request.body ?? new Response("").body];
    // User code may take its time, and memory.
    this.#body = "";
    this.#wait();
    await this.#readFiles(route);
    const value =
      (flags & flagReadyMade) === 0
        ? this.#invoke(route, self, given)
        : storageOf(this.#host).runReadyMade({
            method,
            route,
            manifest: core.manifest,
            request,
            env: this.#env,
            given,
            instance: () => this.#instance(self, route),
            values: () => this.#arguments(route, given),
          });
    const result = passedOn(value instanceof Promise ? await value : value, this.#request);
    if (result instanceof HttpResult) return this.finish(result, route);
    const head = this.#method === "HEAD" ? this.#host.engine.storage?.headResult(result) : null;
    if (head) return this.finish(head, route);
    return this.#host.hooks.result.length === 0
      ? valueResponse(this.#visible(result), request, core, route)
      : this.finish(HttpResult.ok(200, result), route);
  }

  #invoke(route: Route, self: string, given: string): unknown {
    const values = this.#arguments(route, given);
    const receiver =
      route.scope === "static"
        ? this.#host.classes[route.namespace]
        : route.scope === "service"
          ? this.#di.get(route.namespace)
          : this.#instance(self, route);
    const method = (receiver as Record<string, unknown>)[route.method] as Method;
    return method.apply(receiver, values);
  }

  /** What user code gets for the arguments of a request, in order; injected values among them. */
  #arguments({ parameters }: Route, given: string): unknown[] {
    const revived = this.#revived(given);
    return parameters.map((parameter) =>
      isInjected(parameter) ? this.#di.resolve(parameter) : revived(parameter),
    );
  }

  /** From a parameter to its value among the arguments `given`. */
  #revived(given: string): (parameter: RouteParameter) => unknown {
    const named = given === "" ? {} : (JSON.parse(given) as Record<string, unknown>);
    const revival: Revival = {
      host: this.#host,
      core: this.#core,
      kept: this.#blobs,
      files: this.#files,
      type: this.#type,
    };
    return ({ name, shape, optional, partial }) =>
      revive(optional ? named[name] : (named[name] ?? null), shape, {
        ...revival,
        whole: partial !== true,
      });
  }

  /** The object that the core put together out of storage: one for the hooks that see it and the method. */
  #instance(text: string, { namespace }: Route): unknown {
    const revival = { host: this.#host, core: this.#core, kept: this.#kept };
    const shape = this.#core.manifest.models[namespace] ?? -1;
    return (this.#self ??= revive(JSON.parse(text), shape, revival));
  }

  /** The body as a text, as it was read. */
  #bodyText(): string {
    const body = this.#body;
    if (typeof body === "string") return body;
    return (this.#body = textOf(body));
  }

  /** Reads the files of a form where a parameter is declared as bytes. */
  async #readFiles(route: Route): Promise<void> {
    if (
      this.#files === this.#blobs &&
      this.#files.some((blob) => blob instanceof Blob) &&
      takesBytes(route, this.#core)
    )
      this.#blobs = await Promise.all((this.#files as ReceivedBlob[]).map(bytesOf));
  }

  /** What the hooks of `stage` are told of the call. Reads its step at once: the step is gone with the next call into the core. */
  #call(step: Step, route: Route, stage: number): Call {
    const core = this.#core;
    const { models, shapes } = core.manifest;
    const [key, given, self] = [wordBeside, wordBytes, wordText].map((offset) => {
      // The step is gone when a hook looks.
      const text = core.textOf(step, offset);
      return () => {
        if (this.#exchange === 0) throw new Error("the call is over: look at it in its hook");
        return text;
      };
    }) as [() => string, () => string, () => string];
    const isBody = (core.word(step, wordFlags) & flagArgumentsAreBody) !== 0;
    const count = core.word(step, wordCount);
    if (count > 0) this.#files = this.#blobs = core.decodedBlobs(core.word(step, wordBlobs), count);
    return callOf(route, this.#method, {
      key: () => keyOf(key(), shapes[models[route.namespace] ?? -1]),
      arguments: () => {
        if (stage === hooksOfNamespace) return undefined;
        let text = given();
        if (isBody) text = this.#bodyText();
        const revived = this.#revived(text);
        const named = route.parameters.filter((parameter) => !isInjected(parameter));
        return Object.fromEntries(named.map((parameter) => [parameter.name, revived(parameter)]));
      },
      self: () => (stage === hooksOfInstance ? this.#instance(self(), route) : undefined),
    });
  }

  /** The body that the core answers. */
  #bodyOf(step: Step, lines: string): string | Uint8Array<ArrayBuffer> | ReadableStream {
    const core = this.#core;
    const length = core.word(step, wordBytes + 1);
    const pieces = core.piecesOf(step);
    if (pieces !== null) return streamOf(pieces);
    // A short text is cheaper for the platform than its bytes.
    return length < shortAnswer && lines.startsWith("content-type: application/json\n")
      ? core.textOf(step, wordBytes)
      : core.copy(core.word(step, wordBytes), length);
  }

  #respond(step: Step, route: Route | null): Response | Promise<Response> {
    const core = this.#core;
    const status = core.word(step, wordStatus);
    const length = core.word(step, wordBytes + 1);
    const lines = core.textOf(step, wordText);
    const isHooked = this.#host.hooks.result.length > 0;
    const body = length === 0 ? null : isHooked ? core.answerOf(step) : this.#bodyOf(step, lines);
    this.#over();
    const given = headersOf(lines, status);
    if (!isHooked) return new Response(body, { status, headers: given });
    const text = body as string | null;
    const headers = new Headers(given);
    if (status < 400) {
      const data: unknown = text === null ? undefined : JSON.parse(text);
      return this.finish(new HttpResult(true, status, headers, data), route);
    }
    // The hooks see the failure's text; of what they make of it the form is chosen again.
    const type = headers.get("content-type") ?? "";
    const message = type.endsWith("json")
      ? (JSON.parse(text ?? "") as { detail: string }).detail
      : (text ?? "");
    headers.delete("content-type");
    const failure = new HttpResult(false, status, headers, undefined, message);
    return this.finish(failure, route, { message, type, text });
  }
}

/** Bytes of an answer below which it goes out as a text. */
const shortAnswer = 8 * 1024;

/** Headers by the lines that the core wrote them as; there are few, and making them costs more than the rest. */
const knownHeaders = new Map<string, Headers>();

function headersOf(lines: string, status: number): Headers {
  let headers = knownHeaders.get(lines);
  if (headers === undefined) {
    const pairs = Array.from(lines.matchAll(/(.+?): (.*)/g), ([, ...pair]) => pair);
    headers = protect(new Headers(pairs as [string, string][]), status);
    if (knownHeaders.size < 256) knownHeaders.set(lines, headers);
  }
  return headers;
}

/** Whether a parameter of the route is declared as bytes, which a form's files must be read for. */
function takesBytes({ parameters }: Route, { manifest: { shapes } }: AppCore): boolean {
  return parameters.some(({ shape }) => holdsBlob(shape, shapes, (form) => form !== "Blob"));
}

/** Whether the value comes from the container, not from the caller. */
function isInjected({ inject, binding }: RouteParameter): boolean {
  return inject !== null || binding !== null;
}
