// Names that Cloudflare accepts, made from names that people give.

const maximumLength = 63;

/** A Worker name: lower-case letters, digits and dashes. A valid name comes back as it is. */
export function workerName(name: string): string {
  return dashed(name) || "app";
}

/** An R2 bucket name: 3 to 63 lower-case letters, digits and inner dashes. A valid name comes back as it is. */
export function bucketName(name: string): string {
  const base = dashed(name);
  return base.length >= 3 ? base : `${base || "my"}-bucket`;
}

function dashed(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, maximumLength)
    .replace(/-+$/, "");
}
