// Covers: the picture that an album was given, else one drawn from its title, the same for the same title every time.

import type { Album } from "../../.generated/client";
import { h, svg } from "../core/dom.js";
import { motifs, type Palette, palettes } from "./cover-motifs.js";
import { hash, type Random, randomFrom } from "./cover-random.js";

let drawn = 0;

/** The colours of a title's cover. */
export function paletteOf(title: string): Palette {
  return palettes[(hash(title) >>> 9) % palettes.length] as Palette;
}

/** The picture of a title, without a name for screen readers: it says nothing that the title does not. */
export function cover(title: string, shape: "square" | "round" = "square"): HTMLElement {
  const seed = hash(title);
  const random = randomFrom(seed);
  const palette = shuffled(paletteOf(title), random);
  const motif = motifs[Math.floor(random() * motifs.length)];
  const mirror = random() < 0.5 ? "translate(100 0) scale(-1 1)" : "";
  const id = `ground-${++drawn}`;
  const picture = svg(
    "svg",
    { viewBox: "0 0 100 100", preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" },
    svg(
      "linearGradient",
      { id, x1: 0, y1: 0, x2: 0.25, y2: 1 },
      svg("stop", { offset: 0, "stop-color": palette.ground[0] }),
      svg("stop", { offset: 1, "stop-color": palette.ground[1] }),
    ),
    svg("rect", { width: 100, height: 100, fill: `url(#${id})` }),
    svg("g", { transform: mirror }, ...(motif?.(palette, random) ?? [])),
  );
  return h("span", { class: shape === "round" ? "cover round" : "cover" }, picture);
}

/**
 * The cover of an album; drawn from `title` when there is no album. The picture comes from the bucket where the album was
 * read with its signed address, else by way of the Worker.
 */
export function albumCover(album: Album | undefined, title = album?.title ?? ""): HTMLElement {
  const sleeve = cover(title);
  if (!album?.coverKey) return sleeve;
  const sources = [`/api/Album/${album.id}/picture?key=${encodeURIComponent(album.coverKey)}`];
  if (album.cover) sources.unshift(album.cover.url);
  const next = (): void => {
    const source = sources.shift();
    // What was drawn stays where the picture cannot be had.
    if (source === undefined) picture.remove();
    else picture.src = source;
  };
  const picture = h("img", { alt: "", loading: "lazy", decoding: "async", on: { error: next } });
  next();
  sleeve.append(picture);
  return sleeve;
}

/** The same colours in another order, so that two covers of one palette look unlike. */
function shuffled(palette: Palette, random: Random): Palette {
  const [one, two, three] = palette.shapes;
  const orders = [palette.shapes, [two, one, three], [one, three, two], [three, one, two]] as const;
  return { ...palette, shapes: orders[Math.floor(random() * orders.length)] ?? palette.shapes };
}

/** Up to four covers as one, for a collection. */
export function mosaic(titles: readonly string[], name: string): HTMLElement {
  const different = [...new Set(titles)];
  if (different.length < 4) return cover(different[0] ?? name);
  return h(
    "span",
    { class: "cover mosaic" },
    different.slice(0, 4).map((title) => cover(title)),
  );
}
