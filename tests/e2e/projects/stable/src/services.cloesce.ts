// Services: injected attributes, services in services, an asynchronous init, every kind of result.
import {
  GET,
  HttpResult,
  Inject,
  type Integer,
  PATCH,
  PlainOldObject,
  POST,
  PUT,
  Service,
} from "cloesce/backend";
import { Env, Horse } from "./horse.cloesce";

@PlainOldObject
export class Address {
  street: string;
  number: Integer | null;
  tags: string[];
}

@PlainOldObject
export class Person {
  name: string;
  born: Date;
  home: Address;
  others: Address[];
}

/** State of a service's `init` that is not an attribute. */
const paths = new WeakMap<object, string>();

@Service
export class ClockService {
  env: Env;

  async init(@Inject request: Request) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    paths.set(this, new URL(request.url).pathname);
  }

  path(): string {
    return paths.get(this) ?? "init did not run";
  }
}

@Service
export class EchoService {
  env: Env;
  clock: ClockService;

  @GET
  motto(): string {
    return this.env.motto;
  }

  @GET
  path(): string {
    return this.clock.path();
  }

  @POST
  person(person: Person): Person {
    if (
      !(person instanceof Person) ||
      !(person.born instanceof Date) ||
      !(person.home instanceof Address)
    ) {
      throw new Error("not revived");
    }
    return person;
  }

  @POST
  any(value: unknown): unknown {
    return value;
  }

  @PUT
  nullable(text: string | null, list: (Integer | null)[] | null): string {
    return JSON.stringify([text, list]);
  }

  @GET
  query(
    text: string,
    count: Integer,
    ratio: number,
    flag: boolean,
    when: Date,
    list: Integer[],
    home: Address | null,
  ): string {
    return JSON.stringify({ text, count, ratio, flag, when: when.toISOString(), list, home });
  }

  @PATCH
  nothing() {}

  @GET
  missing(): HttpResult<Horse | null> | null {
    return HttpResult.fail(404, "no horse here");
  }

  @GET
  created(): HttpResult<Integer> {
    return HttpResult.ok(201, 7, { "x-extra": "yes" });
  }

  @GET
  empty(): Horse | null {
    return null;
  }

  @POST
  boom(): string {
    throw new Error("secret detail");
  }

  @GET
  injected(@Inject clock: ClockService, @Inject env: Env, @Inject request: Request): string {
    return `${clock === this.clock} ${env === this.env} ${request.method}`;
  }

  @POST
  guarded(text: string): string {
    return text;
  }
}
