// The cover on an album's page, with what changes it.

import type { Album } from "../../.generated/client";
import { answered, explain } from "../core/answer.js";
import { h } from "../core/dom.js";
import type { Place } from "../core/router.js";
import { albumCover } from "./cover.js";
import { confirmDeletion } from "./dialog.js";
import { action } from "./headings.js";
import { tell, warn } from "./toast.js";
import { chooseFile, UploadBar } from "./upload.js";

const pictures = "image/png,image/jpeg,image/webp,image/avif,image/gif";
const largest = 5 * 1024 * 1024;

export function coverEditor(album: Album, place: Place): HTMLElement {
  const bar = new UploadBar();
  const own = album.coverKey !== null;
  return h(
    "div",
    { class: "sleeve" },
    albumCover(album),
    bar.element,
    h(
      "div",
      { class: "actions" },
      action({
        id: "set-cover",
        label: own ? "Replace cover" : "Upload a cover",
        picture: "picture",
        look: "quiet",
        act: () => chooseFile(pictures, (file) => void upload(album, file, bar, place)),
      }),
      own &&
        action({
          id: "remove-cover",
          label: "Remove",
          picture: "trash",
          look: "danger-quiet",
          act: () => void remove(album, place),
        }),
    ),
  );
}

async function upload(album: Album, file: File, bar: UploadBar, place: Place): Promise<void> {
  // The store would refuse it too, but only after all of it was sent.
  if (file.size > largest) {
    return warn("That picture is too large. A cover may have up to 5 MB.");
  }
  try {
    const sent = await bar.show(file, ({ fetchImpl }) =>
      answered(album.setCover(file, "none", fetchImpl)),
    );
    if (!sent) return;
  } catch (error) {
    return warn(explain(error));
  }
  await place.reload();
  tell(`“${album.title}” has a new cover.`);
}

async function remove(album: Album, place: Place): Promise<void> {
  const done = await confirmDeletion({
    title: "Remove the cover?",
    text: "The album gets back the one that is drawn from its title. The picture itself is deleted.",
    label: "Remove",
    act: () => answered(album.removeCover()),
  });
  if (!done) return;
  await place.reload();
  tell("The cover is removed.");
}
