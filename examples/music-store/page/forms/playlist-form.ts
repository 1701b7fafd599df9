// Starting a playlist, and renaming one.

import { Playlist } from "../../.generated/client";
import { answered } from "../core/answer.js";
import { openForm } from "../parts/dialog.js";
import { areaField, read, textField } from "../parts/fields.js";

/** Opens the form; answers the saved playlist, or null when it was closed. */
export async function editPlaylist(playlist?: Playlist): Promise<Playlist | null> {
  let saved: Playlist | null = null;
  await openForm({
    title: playlist === undefined ? "New playlist" : `Edit “${playlist.name}”`,
    submitLabel: playlist === undefined ? "Start the playlist" : "Save",
    fields: [
      textField({
        name: "name",
        label: "Name",
        value: playlist?.name ?? "",
        required: true,
        maxlength: 80,
      }),
      areaField({
        name: "about",
        label: "What is it for?",
        value: playlist?.about ?? "",
        rows: 2,
        maxlength: 300,
      }),
    ],
    submit: async (form) => {
      saved = await answered(
        Playlist.save({
          ...(playlist === undefined ? {} : { id: playlist.id }),
          name: read(form, "name"),
          about: read(form, "about") || null,
        }),
      );
    },
  });
  return saved;
}
