// The master recording of a track: brought into the store, saved from it, taken away.

import type { Track } from "../../.generated/client";
import { answered, explain } from "../core/answer.js";
import { h } from "../core/dom.js";
import { fileSize } from "../core/format.js";
import type { Place } from "../core/router.js";
import { confirmDeletion } from "./dialog.js";
import { icon } from "./icons.js";
import type { MenuItem } from "./menu.js";
import { tell, warn } from "./toast.js";
import { chooseFile, type UploadBar } from "./upload.js";

const recordings = ".wav,.aif,.aiff,.flac,.mp3,.m4a,.ogg";

/** A link that saves the recording; nothing when there is none. */
export function masterLink(track: Track): HTMLElement | null {
  if (track.masterName === null) return null;
  return h(
    "a",
    {
      class: "chip",
      href: `/api/Track/${track.id}/master`,
      download: track.masterName,
      title: track.masterName,
      "aria-label": `Save the master recording of ${track.title}, ${fileSize(track.masterBytes ?? 0)}`,
    },
    icon("download"),
    `Master, ${fileSize(track.masterBytes ?? 0)}`,
  );
}

/** What the menu of a track has for its recording. */
export function masterItems(track: Track, bar: UploadBar, place: Place): MenuItem[] {
  const there = track.masterName !== null;
  const items: MenuItem[] = [
    {
      label: there ? "Replace the master" : "Upload the master",
      picture: "upload",
      act: () => chooseFile(recordings, (file) => void upload(track, file, bar, place)),
    },
  ];
  if (there) {
    items.push({
      label: "Remove the master",
      picture: "close",
      act: () => void remove(track, place),
    });
  }
  return items;
}

async function upload(track: Track, file: File, bar: UploadBar, place: Place): Promise<void> {
  try {
    const sent = await bar.show(file, ({ fetchImpl }) => {
      // The recording is the whole body, so its name travels beside it.
      const named = (input: string, init?: RequestInit): Promise<Response> => {
        const headers = new Headers(init?.headers);
        headers.set("X-File-Name", encodeURIComponent(file.name));
        return fetchImpl(input, { ...init, headers });
      };
      return answered(track.setMaster(file, "none", named));
    });
    if (!sent) return;
  } catch (error) {
    return warn(explain(error));
  }
  await place.reload();
  tell(`The master recording of “${track.title}” is in the store.`);
}

async function remove(track: Track, place: Place): Promise<void> {
  const done = await confirmDeletion({
    title: "Remove the master recording?",
    text: `“${track.masterName}” will be deleted. The track itself stays.`,
    label: "Remove",
    act: () => answered(track.removeMaster()),
  });
  if (!done) return;
  await place.reload();
  tell("The master recording is removed.");
}
