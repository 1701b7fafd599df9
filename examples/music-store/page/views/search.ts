// What a search found, while it is typed.

import { SearchService, type SearchResults, type Track } from "../../.generated/client";
import { answered, until } from "../core/answer.js";
import { fragment, h } from "../core/dom.js";
import { count, duration } from "../core/format.js";
import { view, type View } from "../core/router.js";
import { albumGrid } from "../parts/album-card.js";
import { albumCover } from "../parts/cover.js";
import { pageHead, section } from "../parts/headings.js";
import { emptyNotice } from "../parts/notices.js";
import { fillSearch } from "../parts/search-field.js";
import { gridSkeleton } from "../parts/skeletons.js";
import { artistCard } from "./artists.js";

export function searchView(text: string): View {
  const wanted = text.trim();
  fillSearch(wanted);
  return view<SearchResults | null>({
    section: "search",
    load: async (signal) =>
      wanted === "" ? null : answered(SearchService.find(wanted, until(signal))),
    skeleton: gridSkeleton,
    render: (results) => {
      if (results === null) {
        const notice = emptyNotice(
          "search",
          "What are you looking for?",
          "Type a title or a name. A part of it will do.",
        );
        return { title: "Search", content: fragment(pageHead("Search", null), notice) };
      }
      const total = results.albums.length + results.artists.length + results.tracks.length;
      return {
        title: `“${wanted}”`,
        announcement: `${count(total, "result")} for ${wanted}`,
        content: total === 0 ? nothing(wanted) : found(wanted, total, results),
      };
    },
  });
}

function nothing(wanted: string): Node {
  return fragment(
    pageHead(`“${wanted}”`, null),
    emptyNotice(
      "search",
      "Nothing found",
      "No album, artist or track has that in its name. Check the spelling, or try a shorter part of it.",
    ),
  );
}

function found(wanted: string, total: number, { albums, artists, tracks }: SearchResults): Node {
  return fragment(
    pageHead(`“${wanted}”`, count(total, "result")),
    albums.length > 0 && section("Albums", albumGrid(albums)),
    artists.length > 0 && section("Artists", h("ul", { class: "grid" }, artists.map(artistCard))),
    tracks.length > 0 &&
      section("Tracks", h("ul", { class: "tracks with-covers" }, tracks.map(trackRow))),
  );
}

function trackRow(track: Track): HTMLElement {
  return h(
    "li",
    { class: "track" },
    albumCover(track.album, track.title),
    h(
      "span",
      { class: "track-main" },
      h("a", { class: "track-title", href: `/albums/${track.albumId}` }, track.title),
      h("span", { class: "track-from" }, track.album?.artist?.name, " · ", track.album?.title),
    ),
    h("span", { class: "track-time" }, duration(track.seconds)),
  );
}
