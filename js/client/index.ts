// `cloesce/client`: what generated clients import, and the types their callers meet.
export { Api } from "./api.js";
export type {
  ApiOptions,
  CallOptions,
  CallSettings,
  FetchImplementation,
  HeadersSource,
  KeyValue,
  Verb,
} from "./api.js";
export { Either } from "./either.js";
export { HttpResult } from "./http-result.js";
export type { HttpFailure, HttpResultConstructor, HttpSuccess, Issue } from "./http-result.js";
export { MediaType } from "./media-type.js";
export { KValue, R2Download, R2Object } from "./stored.js";
export type { Page, R2HttpMetadata } from "./stored.js";
export type {
  ColumnCondition,
  Comparison,
  Conditions,
  Direction,
  ListPages,
  ListQuery,
  ListResult,
  ListSettings,
  RowCondition,
  RowsCondition,
  TextComparison,
} from "./query.js";
export type { BlobSource, DeepPartial, Stream, StreamSource } from "./types.js";
export { withUploadProgress, type UploadProgress } from "./upload-progress.js";
export { uploadSigned, type SignedUpload, type SignedUploadOptions } from "./upload-signed.js";
export { fromJson, given } from "./wire.js";
export { withoutRead, writable } from "./writable.js";
export type { RelationRule, SaveRules } from "./writable.js";
export type { Shape, Wire } from "./wire.js";
