// The panel with the page's settings. What is chosen shows at once; closing it without saving takes it back.

import { explain } from "../core/answer.js";
import { choices, choose, forgetChoices } from "../core/choices.js";
import { h } from "../core/dom.js";
import { showTheme } from "../core/theme.js";
import { orderChoices } from "../parts/album-order.js";
import { openForm } from "../parts/dialog.js";
import { read, selectField } from "../parts/fields.js";
import { icon, type IconName } from "../parts/icons.js";
import { setVolume } from "../parts/player.js";
import { tell, warn } from "../parts/toast.js";

const themes: readonly { value: string; text: string; picture: IconName }[] = [
  { value: "auto", text: "Automatic", picture: "screen" },
  { value: "light", text: "Light", picture: "sun" },
  { value: "dark", text: "Dark", picture: "moon" },
];

/** Opens the panel; answers when it is closed. */
export async function editSettings(): Promise<void> {
  const before = choices();
  const volume = h("output", { for: "settings-volume" }, `${before.volume} %`);
  const fields = h(
    "div",
    {
      class: "settings",
      on: {
        input: (event) => {
          const form = (event.target as HTMLInputElement).form;
          if (form === null) return;
          showTheme(read(form, "theme"));
          setVolume(Number(read(form, "volume")));
          volume.textContent = `${read(form, "volume")} %`;
        },
      },
    },
    h(
      "fieldset",
      null,
      h("legend", null, "Theme"),
      h(
        "div",
        { class: "segments" },
        themes.map(({ value, text, picture }) =>
          h(
            "label",
            { class: "segment" },
            h("input", {
              type: "radio",
              name: "theme",
              value,
              class: "hidden",
              checked: before.theme === value,
            }),
            icon(picture),
            text,
          ),
        ),
      ),
    ),
    selectField(
      { name: "order", label: "Albums are sorted by", value: before.order },
      orderChoices,
    ),
    h(
      "div",
      { class: "field" },
      h("label", { for: "settings-volume", class: "with-value" }, "Volume of previews", volume),
      h("input", {
        id: "settings-volume",
        name: "volume",
        type: "range",
        class: "slider",
        min: 0,
        max: 100,
        step: 5,
        value: before.volume,
      }),
    ),
    h(
      "label",
      { class: "switch-line" },
      h("span", null, "Play the next track when one ends"),
      h("input", {
        type: "checkbox",
        role: "switch",
        name: "playOn",
        class: "switch",
        checked: before.playOn,
      }),
    ),
    before.changed.getTime() > 0 &&
      h(
        "button",
        {
          type: "button",
          class: "link-button",
          on: { click: (event) => void forget(event.target as HTMLElement) },
        },
        "Forget my settings",
      ),
  );
  const saved = await openForm({
    title: "Settings",
    intro: h("p", { class: "muted" }, "Kept in the store for this browser."),
    fields,
    submitLabel: "Save",
    submit: (form) =>
      choose({
        theme: read(form, "theme"),
        order: read(form, "order"),
        volume: Number(read(form, "volume")),
        playOn: read(form, "playOn") !== "",
      }),
  });
  showTheme(choices().theme);
  setVolume(choices().volume);
  if (saved) tell("Your settings are saved.");
}

async function forget(button: HTMLElement): Promise<void> {
  try {
    await forgetChoices();
  } catch (error) {
    return warn(explain(error));
  }
  button.closest("dialog")?.close();
  tell("Your settings are forgotten.");
}
