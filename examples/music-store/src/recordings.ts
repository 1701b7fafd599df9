// Master recordings and previews: where they are, the kinds of files, and what their downloads are called.

/** The largest recording; R2 takes up to 5 GiB in one piece. */
export const largestRecording = 4 * 1024 * 1024 * 1024;

/** Where the recording of a track is kept. */
export function masterKey(trackId: number): string {
  return `masters/${trackId}`;
}

/** The largest preview. */
export const largestPreview = 20 * 1024 * 1024;

/** Where the preview that came with an upload is kept; every preview has a key of its own. */
export function previewKey(trackId: number, upload: string): string {
  return `previews/${trackId}/${upload}`;
}

/** The keys of all files of a track. */
export function filesOf(track: { id: number; previewKey: string | null }): string[] {
  const master = masterKey(track.id);
  return track.previewKey === null ? [master] : [master, track.previewKey];
}

const types: ReadonlyMap<string, string> = new Map([
  ["wav", "audio/wav"],
  ["flac", "audio/flac"],
  ["aif", "audio/aiff"],
  ["aiff", "audio/aiff"],
  ["mp3", "audio/mpeg"],
  ["m4a", "audio/mp4"],
  ["ogg", "audio/ogg"],
]);

/** The media type of a recording by the end of its file's name; null when the store does not keep that kind. */
export function recordingType(name: string): string | null {
  return types.get(/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "") ?? null;
}

/** A `Content-Disposition` that saves as `name` (RFC 6266: for old readers in ASCII, for all others as it is). */
export function savedAs(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
