// The orders in which albums can be listed.

import type { Album, Rating } from "../../.generated/client";
import type { Choice } from "./fields.js";

type Ratings = ReadonlyMap<number, Rating>;
type Compare = (one: Album, other: Album, ratings: Ratings) => number;

const byTitle: Compare = (one, other) => one.title.localeCompare(other.title);

const orders: Readonly<Record<string, { text: string; compare: Compare }>> = {
  title: { text: "Title", compare: byTitle },
  artist: {
    text: "Artist",
    compare: (one, other) =>
      (one.artist?.name ?? "").localeCompare(other.artist?.name ?? "") ||
      one.released.getTime() - other.released.getTime(),
  },
  newest: {
    text: "Newest first",
    compare: (one, other) => other.released.getTime() - one.released.getTime(),
  },
  rating: {
    text: "Best rated",
    compare: (one, other, ratings) => {
      const stars = (album: Album): number => ratings.get(album.id)?.stars ?? 0;
      return stars(other) - stars(one) || byTitle(one, other, ratings);
    },
  },
  price: {
    text: "Lowest price",
    compare: (one, other, ratings) =>
      one.priceCents - other.priceCents || byTitle(one, other, ratings),
  },
};

/** The orders for a field that chooses one. */
export const orderChoices: readonly Choice[] = Object.entries(orders).map(([value, { text }]) => ({
  value,
  text,
}));

/** `albums` in the order of this name; by title when it is none. */
export function inOrder(albums: readonly Album[], order: string, ratings: Ratings): Album[] {
  const compare = orders[order]?.compare ?? byTitle;
  return [...albums].sort((one, other) => compare(one, other, ratings));
}
