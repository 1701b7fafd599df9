// `cloesce/backend`: what the code of a Worker imports.

export { HttpResult, serveObject } from "../worker/index.js";
export {
  type Call,
  type CallHook,
  type ClassRegistry,
  type CorsOptions,
  DependencyContainer,
  type DependencyKey,
  type HookAnswer,
  type Middleware,
  type Middleware as MiddlewareFn,
  type ResultHook,
  type ResultHook as ResultMiddlewareFn,
  type SignedUpload,
  type UploadOptions,
  type Values,
  type Verb,
  type WatchChoice,
} from "../worker/index.js";
export {
  type AppOptions,
  CloesceApp,
  createWorker,
  type Limits,
  type Worker,
  type WorkerParts,
} from "./app.js";
export type {
  ArgumentsOf,
  InstanceCall,
  KeyOf,
  MethodCall,
  MethodName,
  NamespaceCall,
  NamespaceClass,
} from "./calls.js";
export * from "./decorators.js";
export { Either, type EitherList } from "./either.js";
export {
  type EntryOptions,
  type IncludeChoice,
  type ListOptions,
  type OrmOptions,
  type ObjectUpload,
  Orm,
  type PageChoice,
  type PrimaryKeyOf,
} from "./orm.js";
export type {
  Changes,
  Comparison,
  ModelQuery,
  OrderBy,
  Rows,
  RowsCondition,
  TextComparison,
  Where,
} from "./query.js";
export { Sql, sql, type SqlValue } from "./sql.js";
export { KVModel, R2Model } from "./stored.js";
export type {
  KValue,
  Page,
  PageOptions,
  R2Checksums,
  R2Download,
  R2DownloadOptions,
  R2HttpMetadata,
  R2Object,
} from "./stored.js";
export type {
  ColumnPath,
  CrudKind,
  DataSourceOf,
  DeepPartial,
  IncludeTree,
  Integer,
  Json,
  ListRules,
  R2AccessKeyId,
  R2Endpoint,
  R2SecretAccessKey,
  Stream,
  WriteTree,
} from "./types.js";
