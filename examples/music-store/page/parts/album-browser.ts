// All albums with a choice of order and genre. The choice is kept in the address.

import type { Album, Rating } from "../../.generated/client";
import { choices } from "../core/choices.js";
import { h } from "../core/dom.js";
import { count } from "../core/format.js";
import { albumGrid } from "./album-card.js";
import { inOrder, orderChoices } from "./album-order.js";
import { selectField } from "./fields.js";

type Ratings = ReadonlyMap<number, Rating>;

export function browser(
  albums: readonly Album[],
  ratings: Ratings,
  query: URLSearchParams,
): HTMLElement {
  const usual = choices().order;
  const genres = new Map(albums.map((album) => [String(album.genreId), album.genre?.name ?? ""]));
  const genreChoices = [...genres]
    .map(([value, text]) => ({ value, text }))
    .sort((one, other) => one.text.localeCompare(other.text));

  const orderField = selectField(
    { name: "sort", label: "Order", value: query.get("sort") ?? usual },
    orderChoices,
  );
  const genreField = selectField(
    { name: "genre", label: "Genre", value: query.get("genre") ?? "" },
    [{ value: "", text: "All genres" }, ...genreChoices],
  );
  const shown = h("p", { class: "shown", role: "status" });
  const grid = h("div", null);
  const controls = h(
    "form",
    { class: "controls", on: { change: () => choose() } },
    orderField,
    genreField,
    shown,
  );

  function draw(): void {
    const choice = new FormData(controls);
    const genre = String(choice.get("genre") ?? "");
    const chosen = albums.filter((album) => genre === "" || String(album.genreId) === genre);
    grid.replaceChildren(albumGrid(inOrder(chosen, String(choice.get("sort")), ratings), ratings));
    shown.textContent = count(chosen.length, "album");
  }

  function choose(): void {
    draw();
    const chosen = new URLSearchParams();
    for (const [name, value] of new FormData(controls)) {
      if (value !== "" && value !== usual) chosen.set(name, String(value));
    }
    const search = chosen.toString();
    history.replaceState(history.state, "", search === "" ? "/" : `/?${search}`);
  }

  draw();
  return h("div", null, controls, grid);
}
