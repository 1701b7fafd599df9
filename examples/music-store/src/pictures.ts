// Pictures that the store takes as covers, told by their bytes: names and declared types can be anything.

/** The largest cover. */
export const largestPicture = 5 * 1024 * 1024;

/** Media types by how their files begin; a dot stands for any byte. */
const beginnings: readonly (readonly [type: string, pattern: RegExp])[] = [
  ["image/png", /^\x89PNG\r\n\x1a\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8[79]a/],
  ["image/webp", /^RIFF....WEBP/s],
  ["image/avif", /^....ftypavi[fs]/s],
];

/** The media type of a picture; null when it is none that browsers show everywhere. */
export async function pictureType(picture: Blob): Promise<string | null> {
  const bytes = new Uint8Array(await picture.slice(0, 16).arrayBuffer());
  const text = String.fromCharCode(...bytes);
  return beginnings.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}
