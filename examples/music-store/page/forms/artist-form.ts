// Editing an artist.

import { Artist } from "../../.generated/client";
import { answered } from "../core/answer.js";
import { openForm } from "../parts/dialog.js";
import { areaField, read, row, textField } from "../parts/fields.js";

/** Opens the form; answers whether the artist was saved. */
export function editArtist(artist: Artist): Promise<boolean> {
  return openForm({
    title: `Edit ${artist.name}`,
    submitLabel: "Save",
    fields: [
      textField({
        name: "name",
        label: "Name",
        value: artist.name,
        required: true,
        maxlength: 120,
      }),
      row(
        textField({ name: "origin", label: "From", value: artist.origin, maxlength: 120 }),
        textField({
          name: "since",
          label: "Since",
          type: "number",
          min: 1900,
          max: 2100,
          value: artist.since,
        }),
      ),
      areaField({ name: "about", label: "About", value: artist.about, maxlength: 2000 }),
    ],
    submit: async (form) => {
      const since = read(form, "since");
      await answered(
        Artist.save({
          id: artist.id,
          name: read(form, "name"),
          origin: read(form, "origin") || null,
          since: since === "" ? null : Number(since),
          about: read(form, "about") || null,
        }),
      );
    },
  });
}
