// An album in a list: cover, title, artist, price and rating.

import type { Album, Rating } from "../../.generated/client";
import { h } from "../core/dom.js";
import { price } from "../core/format.js";
import { albumCover } from "./cover.js";
import { stars } from "./stars.js";

/** A card that leads to the album's page. */
export function albumCard(album: Album, rating?: Rating): HTMLElement {
  return h(
    "li",
    { class: "card" },
    h(
      "a",
      { href: `/albums/${album.id}` },
      albumCover(album),
      h("span", { class: "card-title" }, album.title),
      h(
        "span",
        { class: "card-text" },
        album.artist?.name ?? String(album.released.getUTCFullYear()),
      ),
      h(
        "span",
        { class: "card-foot" },
        h("span", { class: "card-price" }, price(album.priceCents)),
        rating && stars(rating.stars, rating.reviews),
      ),
    ),
  );
}

/** Cards in as many columns as fit. */
export function albumGrid(
  albums: readonly Album[],
  ratings?: ReadonlyMap<number, Rating>,
): HTMLElement {
  return h(
    "ul",
    { class: "grid" },
    albums.map((album) => albumCard(album, ratings?.get(album.id))),
  );
}
