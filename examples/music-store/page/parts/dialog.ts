// Modal dialogs over the native element, which keeps the focus inside and gives it back afterwards.

import { explain } from "../core/answer.js";
import { type Child, h } from "../core/dom.js";
import { icon } from "./icons.js";

let opened = 0;

/** Parts of a dialog with a form in it. */
export interface FormDialog {
  readonly title: string;
  readonly intro?: Child;
  readonly fields: Child;
  readonly submitLabel: string;
  /** Makes the button look like what it does: delete. */
  readonly danger?: true;
  /** Does it; the dialog stays open with the message when this throws. */
  readonly submit: (form: HTMLFormElement) => Promise<void>;
}

/** Opens a dialog; answers whether it was submitted rather than closed. */
export function openForm(definition: FormDialog): Promise<boolean> {
  const { title, intro, fields, submitLabel, danger, submit } = definition;
  const id = `dialog-${++opened}`;
  const failure = h("p", { class: "form-error", role: "alert", hidden: true });
  const cancel = h(
    "button",
    { class: "button quiet", type: "button", on: { click: () => dialog.close() } },
    "Cancel",
  );
  const confirm = h(
    "button",
    { class: danger ? "button danger" : "button", type: "submit" },
    submitLabel,
  );
  const form = h(
    "form",
    { class: "dialog-form", on: { submit: (event) => void send(event) } },
    h(
      "header",
      { class: "dialog-head" },
      h("h2", { id: `${id}-title` }, title),
      closeButton(() => dialog.close()),
    ),
    h("div", { class: "dialog-body", id: `${id}-body` }, intro, fields, failure),
    h("footer", { class: "dialog-foot" }, cancel, confirm),
  );
  const dialog = h(
    "dialog",
    {
      class: danger ? "dialog narrow" : "dialog",
      role: danger ? "alertdialog" : null,
      "aria-labelledby": `${id}-title`,
      "aria-describedby": danger ? `${id}-body` : null,
    },
    form,
  );
  let submitted = false;
  let busy = false;

  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    failure.hidden = true;
    try {
      await submit(form);
      submitted = true;
      dialog.close();
    } catch (error) {
      failure.textContent = explain(error);
      failure.hidden = false;
      failure.scrollIntoView({ block: "nearest" });
    } finally {
      setBusy(false);
    }
  }

  function setBusy(now: boolean): void {
    busy = now;
    confirm.toggleAttribute("disabled", now);
    confirm.classList.toggle("busy", now);
  }

  return new Promise((resolve) => {
    dialog.addEventListener("cancel", (event) => {
      if (busy) event.preventDefault();
    });
    dialog.addEventListener("click", (event) => {
      // Only the backdrop is the dialog itself: its whole inside belongs to the form.
      if (event.target === dialog && danger) dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(submitted);
    });
    document.body.append(dialog);
    dialog.showModal();
    const first = danger
      ? cancel
      : dialog.querySelector<HTMLElement>(".dialog-body :is(input, select, textarea)");
    first?.focus();
  });
}

/** Asks before something that cannot be undone; answers whether it was done. */
export function confirmDeletion(definition: {
  readonly title: string;
  readonly text: string;
  readonly label?: string;
  readonly act: () => Promise<void>;
}): Promise<boolean> {
  return openForm({
    title: definition.title,
    fields: h("p", null, definition.text),
    submitLabel: definition.label ?? "Delete",
    danger: true,
    submit: definition.act,
  });
}

function closeButton(close: () => void): HTMLElement {
  return h(
    "button",
    { class: "icon-button", type: "button", "aria-label": "Close", on: { click: close } },
    icon("close"),
  );
}
