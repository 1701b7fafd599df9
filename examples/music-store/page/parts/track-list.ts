// The tracks of an album, each with a menu.

import type { Album, Track } from "../../.generated/client";
import { answered } from "../core/answer.js";
import { h } from "../core/dom.js";
import { duration } from "../core/format.js";
import type { Place } from "../core/router.js";
import { pickPlaylist } from "../forms/playlist-picker.js";
import { editTrack } from "../forms/track-form.js";
import { confirmDeletion } from "./dialog.js";
import { masterItems, masterLink } from "./master.js";
import { menuButton } from "./menu.js";
import { playButton } from "./player.js";
import { previewItem, previewLink } from "./preview.js";
import { tell } from "./toast.js";
import { UploadBar } from "./upload.js";

export function trackList(album: Album, place: Place): HTMLElement {
  const inOrder = [...album.tracks].sort(
    (one, other) => one.position - other.position || one.id - other.id,
  );
  return h(
    "ol",
    { class: "tracks" },
    inOrder.map((track) => trackRow(track, album, place)),
  );
}

function trackRow(track: Track, album: Album, place: Place): HTMLElement {
  const bar = new UploadBar();
  const files = [previewLink(track), masterLink(track)].filter((link) => link !== null);
  const lists = [...track.playlists].sort((one, other) => one.name.localeCompare(other.name));
  return h(
    "li",
    { class: "track" },
    h("span", { class: "track-number" }, track.position),
    playButton(track, album),
    h(
      "span",
      { class: "track-main" },
      h("span", { class: "track-title" }, track.title),
      lists.length + files.length > 0 &&
        h(
          "span",
          { class: "chips" },
          lists.map((list) => h("a", { class: "chip", href: `/playlists/${list.id}` }, list.name)),
          files,
        ),
      bar.element,
    ),
    h("span", { class: "track-time" }, duration(track.seconds)),
    menuButton(`track-${track.id}`, `More for ${track.title}`, [
      { label: "Add to a playlist", picture: "queue", act: () => void pick(track, place) },
      { label: "Edit", picture: "pencil", act: () => void edit(track, place) },
      previewItem(track, bar, place),
      ...masterItems(track, bar, place),
      { label: "Delete", picture: "trash", danger: true, act: () => void remove(track, place) },
    ]),
  );
}

async function pick(track: Track, place: Place): Promise<void> {
  const name = await pickPlaylist(track);
  if (name === null) return;
  await place.reload();
  tell(`“${track.title}” is on “${name}” now.`);
}

async function edit(track: Track, place: Place): Promise<void> {
  if (!(await editTrack(track))) return;
  await place.reload();
  tell("The track is saved.");
}

async function remove(track: Track, place: Place): Promise<void> {
  const lists = track.playlists.length;
  const text =
    lists === 0 ? "" : `It will also leave ${lists === 1 ? "a playlist" : `${lists} playlists`}. `;
  const done = await confirmDeletion({
    title: `Delete “${track.title}”?`,
    text: `${text}This cannot be undone.`,
    act: () => answered(track.remove()),
  });
  if (!done) return;
  await place.reload();
  tell(`“${track.title}” is deleted.`);
}
