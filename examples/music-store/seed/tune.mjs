// A preview as a WAV file: eight seconds of chords, a plucked figure over them and a soft beat, made of sines.
import { randomFrom } from "./random.mjs";

const rate = 12_000;
const seconds = 8;

const scales = [
  [0, 2, 3, 5, 7, 8, 10],
  [0, 2, 4, 5, 7, 9, 11],
  [0, 2, 3, 5, 7, 9, 10],
  [0, 2, 4, 7, 9, 12, 14],
];
const progressions = [
  [0, 5, 3, 4],
  [0, 3, 5, 4],
  [0, 4, 5, 3],
  [0, 2, 3, 4],
];

const sines = Float32Array.from({ length: 4096 }, (_, at) => Math.sin((at / 4096) * 2 * Math.PI));

/** The preview of track `track` of album `album`; the tracks of an album share key, scale and pace. */
export function playTune(album, track) {
  const ofAlbum = randomFrom(album * 104_729);
  const root = 110 * 2 ** (Math.floor(ofAlbum() * 12) / 12);
  const scale = pick(scales, ofAlbum);
  const beat = 60 / (76 + Math.floor(ofAlbum() * 44));
  const drums = ofAlbum() < 0.6;

  const random = randomFrom(track * 15_485_863);
  const chords = pick(progressions, random);
  const figure = Array.from({ length: 8 }, () => Math.floor(random() * 5));
  const pitch = (degree) =>
    root * 2 ** (scale[degree % scale.length] / 12 + Math.floor(degree / scale.length));

  const mix = new Float32Array(rate * seconds);
  const bar = 4 * beat;
  for (let number = 0; number * bar < seconds; number += 1) {
    const degree = chords[number % chords.length];
    for (const step of [0, 2, 4]) {
      pad(mix, number * bar, bar * 1.15, pitch(degree + step), 0.12);
    }
    pad(mix, number * bar, bar, pitch(degree) / 2, 0.2);
    for (let eighth = 0; eighth < 8; eighth += 1) {
      const step = figure[(eighth + number) % figure.length];
      // Some rests, so that it breathes.
      if (step === 4 && eighth % 2 === 1) continue;
      pluck(mix, number * bar + (eighth * beat) / 2, pitch(degree + step * 2) * 2, 0.16);
      if (drums && eighth % 2 === 0) drum(mix, number * bar + (eighth * beat) / 2, 0.4);
    }
  }
  return wav(mix);
}

function pick(choices, random) {
  return choices[Math.floor(random() * choices.length)];
}

/** Adds a tone that swells and fades within the parts `swell` of its length, and loses `decay` of itself each second. */
function tone(mix, start, length, frequency, loudness, { swell = 0.01, decay = 0 } = {}) {
  const first = Math.floor(start * rate);
  const whole = Math.floor(length * rate);
  const count = Math.min(mix.length - first, whole);
  const step = (frequency / rate) * sines.length;
  const ramp = 1 / (whole * swell);
  const keep = Math.exp(-decay / rate);
  let level = loudness;
  for (let at = 0; at < count; at += 1) {
    const edge = Math.min(1, at * ramp, (whole - at) * ramp);
    mix[first + at] += sines[(at * step) & 4095] * level * edge;
    level *= keep;
  }
}

function pad(mix, start, length, frequency, loudness) {
  tone(mix, start, length, frequency * 1.002, loudness, { swell: 0.18 });
  tone(mix, start, length, frequency * 0.998, loudness, { swell: 0.18 });
}

function pluck(mix, start, frequency, loudness) {
  tone(mix, start, 0.9, frequency, loudness, { decay: 5 });
  tone(mix, start, 0.4, frequency * 2, loudness * 0.4, { decay: 10 });
}

function drum(mix, start, loudness) {
  tone(mix, start, 0.18, 55, loudness, { decay: 22 });
}

/** A WAV file of one channel with 16 bits, as loud as it may be, faded in and out. */
function wav(mix) {
  let peak = 0;
  for (const sample of mix) peak = Math.max(peak, Math.abs(sample));
  const fade = rate / 3;
  const samples = new Int16Array(mix.length);
  for (let at = 0; at < mix.length; at += 1) {
    const soft = Math.min(1, (at * 8) / fade, (mix.length - at) / fade);
    samples[at] = Math.round((mix[at] / peak) * soft * 26_000);
  }
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.byteLength, 40);
  // WAV is little-endian, as is every machine that runs Node.
  return Buffer.concat([head, new Uint8Array(samples.buffer)]);
}
