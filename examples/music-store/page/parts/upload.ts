// Sending a file: choosing it, a bar that shows how far it is, and a way to call it off.

import { type FetchImplementation, type UploadProgress, withUploadProgress } from "cloesce/client";
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

/** How to send something so that the bar learns of it; use one of the two ways. */
export interface Transport {
  /** For the last parameter of a method of the client. */
  readonly fetchImpl: FetchImplementation;
  /** For `uploadSigned`. */
  readonly onProgress: (progress: UploadProgress) => void;
  readonly signal: AbortSignal;
}

/** A place for the bar of an upload, empty while there is none. */
export class UploadBar {
  readonly element = h("div", { class: "upload", hidden: true });

  /** Shows how far `send` is. Answers whether it was done: false when the visitor called it off. */
  async show(file: File, send: (transport: Transport) => Promise<void>): Promise<boolean> {
    const calledOff = new AbortController();
    const { signal } = calledOff;
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
    const onProgress = ({ sent, total }: UploadProgress): void => {
      // The form or stream around the file may add some bytes to it.
      const part = Math.min(1, sent / (total ?? file.size));
      bar.value = part;
      text.textContent =
        part < 1 ? `${Math.floor(part * 100)} % of ${fileSize(file.size)}` : "Saving…";
    };
    const counted = withUploadProgress(onProgress, until(signal));
    try {
      await send({
        fetchImpl: (input, init) => counted(input, { ...init, signal }),
        onProgress,
        signal,
      });
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    } finally {
      this.element.hidden = true;
    }
  }
}
