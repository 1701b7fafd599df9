// The preview of a track: saved from the bucket, and uploaded to it, both past the Worker.

import { uploadSigned } from "cloesce/client";
import type { Track } from "../../.generated/client";
import { answered, explain, Refusal } from "../core/answer.js";
import { h } from "../core/dom.js";
import { fileSize } from "../core/format.js";
import type { Place } from "../core/router.js";
import { icon } from "./icons.js";
import { listenAddress } from "./player.js";
import type { MenuItem } from "./menu.js";
import { tell, warn } from "./toast.js";
import { chooseFile, type Transport, type UploadBar } from "./upload.js";

const previews = ".wav,.flac,.mp3,.m4a,.ogg";

/** A link that saves the preview from its signed address; nothing where the track was read without one. */
export function previewLink(track: Track): HTMLElement | null {
  if (!track.preview) return null;
  const { url, expires } = track.preview;
  const link = h(
    "a",
    {
      class: "chip",
      href: url,
      download: `${track.title} (preview)`,
      "aria-label": `Save the preview of ${track.title}, ${fileSize(track.preview.size)}`,
      on: {
        // On a page that was left open for long, it comes by way of the Worker.
        click: () => {
          if (expires.getTime() < Date.now()) link.href = listenAddress(track);
        },
      },
    },
    icon("download"),
    "Preview",
  );
  return link;
}

/** What the menu of a track has for its preview. */
export function previewItem(track: Track, bar: UploadBar, place: Place): MenuItem {
  return {
    label: track.previewKey === null ? "Upload a preview" : "Replace the preview",
    picture: "play",
    act: () => chooseFile(previews, (file) => void upload(track, file, bar, place)),
  };
}

async function upload(track: Track, file: File, bar: UploadBar, place: Place): Promise<void> {
  try {
    if (!(await bar.show(file, (transport) => send(track, file, transport)))) return;
  } catch (error) {
    return warn(explain(error));
  }
  await place.reload();
  tell(`“${track.title}” has a new preview.`);
}

async function send(track: Track, file: File, { onProgress, signal }: Transport): Promise<void> {
  const permit = await answered(track.permitPreview(file.name, file.size));
  const sent = await uploadSigned(permit, file, { onProgress, signal });
  if (!sent.ok) {
    console.warn(sent.message);
    throw new Refusal(sent.status, "The preview was not taken. Please try again.");
  }
  await answered(track.setPreview(permit.upload));
}
