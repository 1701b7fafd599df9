// Puts a track on a playlist: one that is there, or a new one.

import { Playlist, type Track } from "../../.generated/client";
import { answered, explain, Refusal } from "../core/answer.js";
import { h } from "../core/dom.js";
import { openForm } from "../parts/dialog.js";
import { read, textField } from "../parts/fields.js";
import { warn } from "../parts/toast.js";

const newList = "new";

/** Opens the dialog; answers the name of the playlist that the track is on now, or null when it was closed. */
export async function pickPlaylist(track: Track): Promise<string | null> {
  let playlists: Playlist[];
  try {
    playlists = await answered(Playlist.list("none"));
  } catch (error) {
    warn(explain(error));
    return null;
  }
  let chosen: string | null = null;
  const name = textField({ name: "name", label: "Name of the new playlist", maxlength: 80 });
  const follow = (form: HTMLElement): void => {
    const fresh = form.querySelector<HTMLInputElement>(`input[value=${newList}]`)?.checked ?? false;
    name.hidden = !fresh;
    if (fresh) name.querySelector("input")?.focus();
  };
  const choices = h(
    "fieldset",
    { class: "choices", on: { change: () => follow(choices) } },
    h("legend", { class: "hidden" }, "Playlist"),
    playlists.map((playlist, index) => choice(String(playlist.id), playlist.name, index === 0)),
    choice(newList, "A new playlist…", playlists.length === 0),
  );
  name.hidden = playlists.length > 0;
  await openForm({
    title: `Add “${track.title}”`,
    intro: h("p", { class: "muted" }, "Which playlist does it belong on?"),
    fields: [choices, name],
    submitLabel: "Add",
    submit: async (form) => {
      const value = read(form, "playlist");
      const playlist = playlists.find(({ id }) => String(id) === value);
      chosen =
        playlist === undefined
          ? await start(read(form, "name"), track)
          : await add(playlist, track);
    },
  });
  return chosen;
}

async function add(playlist: Playlist, track: Track): Promise<string> {
  await answered(playlist.add(track.id));
  return playlist.name;
}

/** A new playlist with the track on it, in one save. */
async function start(name: string, track: Track): Promise<string> {
  if (name === "") throw new Refusal(0, "What shall the new playlist be called?");
  await answered(Playlist.save({ name, about: null, tracks: [{ id: track.id }] }, "page"));
  return name;
}

function choice(value: string, text: string, checked: boolean): HTMLElement {
  return h(
    "label",
    { class: "choice" },
    h("input", { type: "radio", name: "playlist", value, checked }),
    h("span", null, text),
  );
}
