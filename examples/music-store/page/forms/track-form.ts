// Adding a track to an album, and editing one.

import { Track } from "../../.generated/client";
import { answered, Refusal } from "../core/answer.js";
import { duration, parseDuration } from "../core/format.js";
import { openForm } from "../parts/dialog.js";
import { read, row, textField } from "../parts/fields.js";

type TrackStart = Pick<Track, "albumId" | "position"> &
  Partial<Pick<Track, "id" | "title" | "seconds">>;

/** Opens the form; answers whether the track was saved. */
export function editTrack(track: TrackStart): Promise<boolean> {
  return openForm({
    title: track.title === undefined ? "Add a track" : `Edit “${track.title}”`,
    submitLabel: track.title === undefined ? "Add the track" : "Save",
    fields: [
      textField({
        name: "title",
        label: "Title",
        value: track.title ?? "",
        required: true,
        maxlength: 120,
      }),
      row(
        textField({
          name: "position",
          label: "Number",
          type: "number",
          min: 1,
          max: 999,
          required: true,
          value: track.position,
        }),
        textField({
          name: "length",
          label: "Length",
          required: true,
          maxlength: 6,
          placeholder: "3:45",
          hint: "Minutes and seconds",
          value: track.seconds === undefined ? "" : duration(track.seconds),
        }),
      ),
    ],
    submit: async (form) => {
      const seconds = parseDuration(read(form, "length"));
      if (seconds === null)
        throw new Refusal(0, "Write the length as minutes and seconds, like 3:45.");
      await answered(
        Track.save({
          ...(track.id === undefined ? {} : { id: track.id }),
          albumId: track.albumId,
          position: Number(read(form, "position")),
          title: read(form, "title"),
          seconds,
        }),
      );
    },
  });
}
