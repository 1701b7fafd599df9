// The media types that parameters and return values travel in.

export const MediaType = {
  Json: "application/json",
  Octet: "application/octet-stream",
  FormData: "multipart/form-data",
} as const;

/** One of the media types of a method's parameters or return value. */
export type MediaType = (typeof MediaType)[keyof typeof MediaType];
