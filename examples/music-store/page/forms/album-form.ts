// Creating an album with everything on it in one save, and editing one.

import { Album, Artist, Genre } from "../../.generated/client";
import { answered, explain, Refusal } from "../core/answer.js";
import { h } from "../core/dom.js";
import { isoDay } from "../core/format.js";
import { openForm } from "../parts/dialog.js";
import { areaField, type Choice, read, row, selectField, textField } from "../parts/fields.js";
import { warn } from "../parts/toast.js";
import { trackFields } from "./track-fields.js";

type AlbumInput = Parameters<typeof Album.save>[0];

const newArtist = "new";

/** Opens the form; answers the saved album, or null when it was closed. */
export async function editAlbum(album?: Album): Promise<Album | null> {
  let artists: Artist[];
  let genres: Genre[];
  try {
    [artists, genres] = await Promise.all([
      answered(Artist.list("none")),
      answered(Genre.list("none")),
    ]);
  } catch (error) {
    warn(explain(error));
    return null;
  }
  let saved: Album | null = null;
  const tracks = album === undefined ? trackFields() : null;
  await openForm({
    title: album === undefined ? "Add an album" : `Edit “${album.title}”`,
    submitLabel: album === undefined ? "Add the album" : "Save",
    fields: [
      textField({
        name: "title",
        label: "Title",
        value: album?.title ?? "",
        required: true,
        maxlength: 120,
      }),
      artistFields(artists, album),
      row(
        selectField(
          { name: "genre", label: "Genre", value: album?.genreId ?? null, required: true },
          genreChoices(genres),
        ),
        textField({
          name: "released",
          label: "Released",
          type: "date",
          required: true,
          value: isoDay(album?.released ?? new Date()),
        }),
        textField({
          name: "price",
          label: "Price in €",
          type: "number",
          min: 0,
          max: 999,
          step: "0.01",
          required: true,
          value: ((album?.priceCents ?? 1200) / 100).toFixed(2),
        }),
      ),
      areaField({
        name: "notes",
        label: "The story behind it",
        value: album?.notes?.text ?? "",
        rows: 3,
        maxlength: 2000,
      }),
      tracks?.element,
    ],
    submit: async (form) => {
      const input = readAlbum(form, album);
      if (tracks !== null) input.tracks = tracks.read();
      saved = await answered(Album.save(input, "page"));
    },
  });
  return saved;
}

function readAlbum(form: HTMLFormElement, album: Album | undefined): AlbumInput {
  const released = new Date(`${read(form, "released")}T00:00:00.000Z`);
  if (Number.isNaN(released.getTime()))
    throw new Refusal(0, "Please give the day it was released.");
  const input: AlbumInput = {
    title: read(form, "title"),
    genreId: Number(read(form, "genre")),
    released,
    priceCents: Math.round(Number(read(form, "price")) * 100),
  };
  if (album !== undefined) input.id = album.id;
  const artist = read(form, "artist");
  if (artist !== newArtist) input.artistId = Number(artist);
  else input.artist = { name: read(form, "artist-name"), origin: null, since: null, about: null };
  const notes = read(form, "notes");
  if (notes !== "" || album?.notes) input.notes = { text: notes };
  return input;
}

function artistFields(artists: readonly Artist[], album: Album | undefined): HTMLElement {
  const byName = [...artists].sort((one, other) => one.name.localeCompare(other.name));
  const choices: Choice[] = [
    ...byName.map((artist) => ({ value: String(artist.id), text: artist.name })),
    { value: newArtist, text: "Somebody new…" },
  ];
  const name = textField({ name: "artist-name", label: "Name of the new artist", maxlength: 120 });
  const input = name.querySelector("input");
  const choice = selectField(
    { name: "artist", label: "Artist", value: album?.artistId ?? byName[0]?.id ?? newArtist },
    choices,
  );
  const follow = (): void => {
    const fresh = choice.querySelector("select")?.value === newArtist;
    name.hidden = !fresh;
    if (input !== null) input.required = fresh;
  };
  follow();
  return h("div", { class: "field-row", on: { change: follow } }, choice, name);
}

/** Genres in the order of their tree, the deeper ones moved in. */
function genreChoices(genres: readonly Genre[], parent: number | null = null, depth = 0): Choice[] {
  return genres
    .filter((genre) => genre.parentId === parent)
    .sort((one, other) => one.name.localeCompare(other.name))
    .flatMap((genre) => [
      { value: String(genre.id), text: `${"\u2003".repeat(depth)}${genre.name}` },
      ...genreChoices(genres, genre.id, depth + 1),
    ]);
}
