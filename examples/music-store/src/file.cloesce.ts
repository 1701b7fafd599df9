// The objects of the store's bucket, for uploads that go there directly.

import { type Json, PlainOldObject, R2, R2Model } from "cloesce/backend";

/** Has no methods of its own: visitors reach objects through albums and tracks only. */
@R2("files")
export class StoredFile extends R2Model {}

/** Lets its holder upload one object for a while. */
@PlainOldObject
export class UploadPermit {
  /** What to call the upload once it is done; where its object is, the store knows. */
  upload: string;
  url: string;
  headers: Json;
  expires: Date;
}
