// The player at the foot of the page: one preview at a time, and it plays on while the visitor looks around.

import type { Album, Track } from "../../.generated/client";
import { choices, onChoices } from "../core/choices.js";
import { h, required } from "../core/dom.js";
import { duration } from "../core/format.js";
import { icon } from "./icons.js";
import { notePlayed } from "./recent.js";
import { warn } from "./toast.js";

/** A track with a preview, as the player names it. */
interface Tune {
  readonly track: Track;
  readonly by: string;
}

const audio = new Audio();
audio.preload = "metadata";
let playing: Tune | null = null;
let queue: readonly Tune[] = [];

const title = h("a", { class: "player-title" });
const by = h("span", { class: "player-by" });
const toggle = h("button", {
  class: "play-button",
  type: "button",
  on: { click: () => void (audio.paused ? resume() : audio.pause()) },
});
const place = h("input", {
  class: "slider",
  type: "range",
  min: 0,
  max: 1,
  step: 0.01,
  value: 0,
  "aria-label": "Place in the preview",
  on: { input: () => seek() },
});
const time = h("span", { class: "player-time" });

/** Puts the player into the page. */
export function startPlayer(): void {
  const close = h(
    "button",
    { class: "icon-button", type: "button", "aria-label": "Close the player", on: { click: stop } },
    icon("close"),
  );
  required("#player").append(
    toggle,
    h("div", { class: "player-text" }, title, by),
    h("div", { class: "player-place" }, place, time),
    close,
    audio,
  );
  for (const event of ["play", "pause", "emptied"]) audio.addEventListener(event, drawButtons);
  for (const event of ["timeupdate", "durationchange", "seeked"]) {
    audio.addEventListener(event, drawPlace);
  }
  audio.addEventListener("ended", next);
  audio.addEventListener("error", () => {
    if (playing !== null) warn(`The preview of “${playing.track.title}” cannot be played.`);
  });
  const loudness = (): void => setVolume(choices().volume);
  onChoices(loudness);
  loudness();
}

/** Plays as loud as `percent`. */
export function setVolume(percent: number): void {
  audio.volume = Math.max(0, Math.min(100, percent)) / 100;
}

/** Where the Worker serves the preview of `track`, in parts if that is asked for; another address for each preview. */
export function listenAddress(track: Track): string {
  return `/api/Track/${track.id}/listen?__datasource=none#${track.previewKey ?? ""}`;
}

/** A button that plays the preview of `track`, and those of `album` after it; nothing when it has none. */
export function playButton(track: Track, album: Album): HTMLElement | null {
  if (track.previewKey === null) return null;
  const button = h("button", {
    id: `play-${track.id}`,
    class: "play-button",
    type: "button",
    "data-plays": track.id,
    "data-title": track.title,
    on: { click: () => press(track, album) },
  });
  drawButton(button, isOn(track.id), track.title);
  return button;
}

function press(track: Track, album: Album): void {
  if (isOn(track.id)) return audio.pause();
  if (playing?.track.previewKey === track.previewKey) return void resume();
  const name = album.artist?.name ?? album.title;
  queue = [...album.tracks]
    .sort((one, other) => one.position - other.position || one.id - other.id)
    .filter(({ previewKey }) => previewKey !== null)
    .map((each) => ({ track: each, by: name }));
  play(queue.find((tune) => tune.track.id === track.id) ?? { track, by: name });
}

function play(tune: Tune): void {
  playing = tune;
  const { track } = tune;
  required("#player").hidden = false;
  document.body.classList.add("with-player");
  title.textContent = track.title;
  title.href = `/albums/${track.albumId}`;
  by.textContent = tune.by;
  place.value = "0";
  audio.src = listenAddress(track);
  void resume();
  void notePlayed(track.id);
  drawPlace();
}

async function resume(): Promise<void> {
  try {
    await audio.play();
  } catch {
    // Called off by the next one, or an error of the element, which says so itself.
  }
}

function next(): void {
  const at = queue.findIndex((tune) => tune.track.id === playing?.track.id);
  const following = at < 0 ? undefined : queue[at + 1];
  if (following !== undefined && choices().playOn) play(following);
}

function stop(): void {
  playing = null;
  audio.pause();
  audio.removeAttribute("src");
  audio.load();
  required("#player").hidden = true;
  document.body.classList.remove("with-player");
  drawButtons();
}

function seek(): void {
  if (Number.isFinite(audio.duration)) audio.currentTime = Number(place.value) * audio.duration;
}

function isOn(trackId: number): boolean {
  return playing?.track.id === trackId && !audio.paused;
}

function drawButtons(): void {
  drawButton(toggle, !audio.paused, playing?.track.title ?? "");
  for (const button of document.querySelectorAll<HTMLElement>("[data-plays]")) {
    drawButton(button, isOn(Number(button.dataset["plays"])), button.dataset["title"] ?? "");
  }
}

function drawButton(button: HTMLElement, on: boolean, name: string): void {
  button.replaceChildren(icon(on ? "pause" : "play"));
  button.setAttribute("aria-label", `${on ? "Pause" : "Play"} ${name}`);
  button.classList.toggle("on", on);
}

function drawPlace(): void {
  const whole = Number.isFinite(audio.duration) ? audio.duration : 0;
  if (whole > 0) place.value = String(audio.currentTime / whole);
  const shown = duration(Math.floor(audio.currentTime));
  place.setAttribute("aria-valuetext", `${shown} of ${duration(Math.round(whole))}`);
  time.textContent = `${shown} / ${duration(Math.round(whole))}`;
}
