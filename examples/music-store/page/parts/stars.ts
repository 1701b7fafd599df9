// Stars: shown for a rating, and chosen in a form.

import { h } from "../core/dom.js";

const most = 5;

/** A rating as stars, read out as a number. `reviews` is shown behind them when given. */
export function stars(rating: number, reviews?: number): HTMLElement {
  const rounded = Math.round(rating * 10) / 10;
  const label = `${rounded} of ${most} stars${reviews === undefined ? "" : `, ${reviews} ${reviews === 1 ? "review" : "reviews"}`}`;
  return h(
    "span",
    { class: "rating" },
    h("span", {
      class: "stars",
      role: "img",
      "aria-label": label,
      vars: { "--filled": `${(rating / most) * 100}%` },
    }),
    reviews !== undefined && h("span", { class: "rating-count", "aria-hidden": "true" }, reviews),
  );
}

/** Radio buttons in the shape of stars. The form has the number under `name`. */
export function starsField(name: string): HTMLElement {
  return h(
    "fieldset",
    { class: "stars-field" },
    h("legend", null, "Your stars"),
    h(
      "div",
      { class: "stars-choice" },
      [5, 4, 3, 2, 1].map((value) => [
        h("input", { type: "radio", name, value, id: `stars-${value}`, required: true }),
        h(
          "label",
          { for: `stars-${value}` },
          h("span", { class: "hidden" }, value === 1 ? "1 star" : `${value} stars`),
        ),
      ]),
    ),
  );
}
