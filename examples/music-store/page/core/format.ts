// Numbers and dates as people write them.

/** `7:05` for 425 seconds. */
export function duration(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Seconds of `7:05`; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^\s*(\d{1,3}):([0-5]\d)\s*$/.exec(text);
  return match === null ? null : Number(match[1]) * 60 + Number(match[2]);
}

/** `42 min` or `3 h 5 min`. */
export function roughDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 track`, `3 tracks`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

const money = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });

/** `€11.50` for 1150. */
export function price(cents: number): string {
  return money.format(cents / 100);
}

/** `640 kB`, `34 MB` or `1.2 GB`. */
export function fileSize(bytes: number): string {
  if (bytes < 999_500) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  if (bytes < 999_500_000) return `${Math.round(bytes / 1_000_000)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

const longDate = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** `14 September 2012`, wherever the reader is. */
export function day(date: Date): string {
  return longDate.format(date);
}

/** `2012-09-14`, as date fields take it. */
export function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
