// Form fields with their labels.

import { type Child, h } from "../core/dom.js";

interface FieldOptions {
  readonly name: string;
  readonly label: string;
  readonly value?: string | number | null;
  readonly hint?: string;
  readonly required?: boolean;
  readonly [attribute: string]: string | number | boolean | null | undefined;
}

let made = 0;

/** A line of text, or whatever `type` says. */
export function textField(options: FieldOptions): HTMLElement {
  const { label, hint, value, ...attributes } = options;
  return field(label, hint, (id, described) =>
    h("input", {
      id,
      type: "text",
      autocomplete: "off",
      "aria-describedby": described,
      value: value ?? null,
      ...attributes,
    }),
  );
}

/** Several lines of text. */
export function areaField(options: FieldOptions): HTMLElement {
  const { label, hint, value, ...attributes } = options;
  return field(label, hint, (id, described) =>
    h("textarea", { id, rows: 4, "aria-describedby": described, ...attributes }, value ?? ""),
  );
}

export interface Choice {
  readonly value: string;
  readonly text: string;
}

/** One of several choices. */
export function selectField(options: FieldOptions, choices: readonly Choice[]): HTMLElement {
  const { label, hint, value, ...attributes } = options;
  return field(label, hint, (id, described) =>
    h(
      "select",
      { id, "aria-describedby": described, ...attributes },
      choices.map((choice) =>
        h(
          "option",
          { value: choice.value, selected: choice.value === String(value ?? "") },
          choice.text,
        ),
      ),
    ),
  );
}

/** Fields side by side where there is room. */
export function row(...fields: Child[]): HTMLElement {
  return h("div", { class: "field-row" }, fields);
}

/** The text in the field `name`, without the space around it. */
export function read(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value.trim() : "";
}

function field(
  label: string,
  hint: string | undefined,
  control: (id: string, described: string | null) => HTMLElement,
): HTMLElement {
  const id = `field-${++made}`;
  const hintId = hint === undefined ? null : `${id}-hint`;
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    control(id, hintId),
    hint !== undefined && h("p", { class: "hint", id: hintId }, hint),
  );
}
