// What the core says about an opened app: routes, services and the shapes of values.
// The form is fixed in docs/internals/abi.md.

/** The variables of the env that signing needs, by their names. */
export interface SigningVariables {
  readonly endpoint: string | null;
  readonly accessKeyId: string | null;
  readonly secretAccessKey: string | null;
}

/**
 * How one type must be treated after `JSON.parse`; others are plain JSON (-1). Where `hidden` is there, values hold members
 * that no answer may have: its own are those named, if any.
 */
export type Shape =
  | { readonly kind: "date" }
  | { readonly kind: "blob"; readonly as: "Uint8Array" | "ArrayBuffer" | "Blob" }
  | { readonly kind: "stream" }
  | { readonly kind: "r2Object" }
  | { readonly kind: "array"; readonly of: number; readonly hidden?: readonly string[] }
  | {
      readonly kind: "object";
      readonly class: string;
      readonly fields: readonly (readonly [string, number])[];
      /** Of a model: the names of the key segments in its URLs. */
      readonly keys?: readonly string[];
      readonly hidden?: readonly string[];
      /** Members that are an empty list when a caller leaves them out. */
      readonly lists?: readonly string[];
      /** Members that KV and R2 hold. */
      readonly stored?: readonly string[];
    };

/** Something taken from the DI container: by name, or straight from a binding of the env. */
export interface Injection {
  readonly name: string;
  readonly inject: string | null;
  readonly binding: string | null;
}

export interface RouteParameter extends Injection {
  readonly shape: number;
  /** Left out by the caller it is undefined, so that its default applies; others are null. */
  readonly optional?: true;
  /** Of a DeepPartial. */
  readonly partial?: boolean;
}

export interface Route {
  readonly namespace: string;
  readonly method: string;
  readonly scope: "static" | "instance" | "service";
  readonly self: number;
  readonly parameters: readonly RouteParameter[];
  readonly returns: {
    readonly media: "Json" | "Octet" | "FormData";
    readonly shape: number;
    readonly kind: "Void" | "Json" | "Blob" | "Stream";
    /** Not of the core: noted once somebody has looked. */
    holdsBlobs?: boolean;
  };
}

export interface ServiceDescription {
  readonly name: string;
  readonly attributes: readonly Injection[];
  readonly initializer: readonly Injection[] | null;
}

/** Where the entries of a KV model or the objects of an R2 model are. */
export interface Store {
  readonly binding: string;
  /** The bucket's name behind the binding. */
  readonly bucket: string;
  /** What a KV model's V is; null of an R2 model. */
  readonly value: "text" | "json" | "bytes" | "stream" | null;
  /** Seconds that entries live unless their writer says otherwise. */
  readonly expirationTtl: number | null;
}

export interface Manifest {
  readonly routePrefix: string;
  readonly environment: string | null;
  readonly services: readonly ServiceDescription[];
  readonly models: Readonly<Record<string, number>>;
  readonly stores: Readonly<Record<string, Store>>;
  readonly signing: SigningVariables;
  readonly shapes: readonly Shape[];
  readonly routes: readonly Route[];
}
