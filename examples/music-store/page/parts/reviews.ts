// Reviews of an album, and the form for one more.

import type { Album, Review } from "../../.generated/client";
import { answered, explain, rememberVisitor, visitorName } from "../core/answer.js";
import { h } from "../core/dom.js";
import { day } from "../core/format.js";
import type { Place } from "../core/router.js";
import { confirmDeletion } from "./dialog.js";
import { areaField, read, textField } from "./fields.js";
import { icon } from "./icons.js";
import { stars, starsField } from "./stars.js";
import { tell } from "./toast.js";

export function reviewSection(album: Album, place: Place): HTMLElement {
  const newestFirst = [...album.reviews].sort(
    (one, other) => other.written.getTime() - one.written.getTime(),
  );
  return h(
    "section",
    { class: "section" },
    h("h2", null, "Reviews"),
    newestFirst.length === 0
      ? h("p", { class: "muted" }, "Nobody has reviewed this album yet. Be the first.")
      : h(
          "ul",
          { class: "reviews" },
          newestFirst.map((review) => reviewItem(review, place)),
        ),
    reviewForm(album, place),
  );
}

function reviewItem(review: Review, place: Place): HTMLElement {
  const own = review.author === visitorName();
  const button = h(
    "button",
    {
      id: `review-${review.id}`,
      class: "icon-button",
      type: "button",
      "aria-label": "Delete your review",
      on: { click: () => void remove(review, place) },
    },
    icon("trash"),
  );
  return h(
    "li",
    { class: "review" },
    h(
      "div",
      { class: "review-head" },
      h("strong", null, review.author),
      stars(review.stars),
      own && button,
    ),
    h("p", null, review.text),
    h("time", { class: "muted", datetime: review.written.toISOString() }, day(review.written)),
  );
}

function reviewForm(album: Album, place: Place): HTMLElement {
  const failure = h("p", { class: "form-error", role: "alert", hidden: true });
  const submit = h("button", { class: "button", type: "submit" }, "Post review");
  const form = h(
    "form",
    {
      class: "review-form",
      id: "review-form",
      tabindex: -1,
      on: { submit: (event) => void send(event) },
    },
    h("h3", null, "Write a review"),
    starsField("stars"),
    textField({
      name: "author",
      label: "Your name",
      value: visitorName(),
      maxlength: 60,
      autocomplete: "name",
    }),
    areaField({ name: "text", label: "Your review", rows: 3, maxlength: 1000 }),
    failure,
    submit,
  );

  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    submit.disabled = true;
    failure.hidden = true;
    try {
      rememberVisitor(read(form, "author"));
      await answered(album.review(Number(read(form, "stars")), read(form, "text")));
      await place.reload();
      tell("Thank you. Your review is posted.");
    } catch (error) {
      failure.textContent = explain(error);
      failure.hidden = false;
    } finally {
      submit.disabled = false;
    }
  }

  return form;
}

async function remove(review: Review, place: Place): Promise<void> {
  const done = await confirmDeletion({
    title: "Delete your review?",
    text: "This cannot be undone.",
    act: () => answered(review.delete()),
  });
  if (!done) return;
  await place.reload();
  tell("Your review is deleted.");
}
