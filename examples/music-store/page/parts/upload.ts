// Sending a file: choosing it, a bar that shows how far it is, and a way to call it off.

import { type FetchImplementation, withUploadProgress } from "cloesce/client";
import { until } from "../core/answer.js";
import { h } from "../core/dom.js";
import { fileSize } from "../core/format.js";
import { icon } from "./icons.js";

/** Lets the visitor choose a file; `accept` is what is offered. Nothing happens when none is chosen. */
export function chooseFile(accept: string, chosen: (file: File) => void): void {
  const input = h("input", {
    type: "file",
    accept,
    on: {
      change: () => {
        const [file] = input.files ?? [];
        if (file !== undefined) chosen(file);
      },
    },
  });
  input.click();
}

/** A place for the bar of an upload, empty while there is none. */
export class UploadBar {
  readonly element = h("div", { class: "upload", hidden: true });

  /**
   * Shows how far `send` is. Its parameter belongs in the last place of the client's method. Answers nothing when
   * the visitor called it off.
   */
  async show<T>(
    file: File,
    send: (fetchImpl: FetchImplementation) => Promise<T>,
  ): Promise<T | undefined> {
    const calledOff = new AbortController();
    const bar = h("progress", { max: 1, value: 0, "aria-label": `Uploading ${file.name}` });
    const text = h("span", { class: "upload-text" }, `Uploading ${fileSize(file.size)}`);
    const stop = h(
      "button",
      {
        class: "icon-button",
        type: "button",
        "aria-label": "Stop the upload",
        on: { click: () => calledOff.abort() },
      },
      icon("close"),
    );
    this.element.replaceChildren(bar, text, stop);
    this.element.hidden = false;
    const counted = withUploadProgress(({ sent, total }) => {
      // The form or stream around the file may add some bytes to it.
      const part = Math.min(1, sent / (total ?? file.size));
      bar.value = part;
      text.textContent =
        part < 1 ? `${Math.floor(part * 100)} % of ${fileSize(file.size)}` : "Saving…";
    }, until(calledOff.signal));
    try {
      return await send((input, init) => counted(input, { ...init, signal: calledOff.signal }));
    } catch (error) {
      if (calledOff.signal.aborted) return undefined;
      throw error;
    } finally {
      this.element.hidden = true;
    }
  }
}
