// A cover as a PNG: the contour lines of a landscape that nobody has been to, in a few colours.
import { crc32, deflateSync } from "node:zlib";
import { randomFrom } from "./random.mjs";

const side = 512;
const shades = 28;

/** The picture of `seed`, the same every time. */
export function drawCover(seed) {
  const random = randomFrom(seed * 7919);
  const height = landscape(random);
  const rows = Buffer.alloc(side * (side + 1));
  for (let y = 0; y < side; y += 1) {
    // Each row begins with its filter: none.
    const row = y * (side + 1) + 1;
    for (let x = 0; x < side; x += 1) {
      const level = height(x / side, y / side);
      rows[row + x] = Math.max(0, Math.min(shades - 1, Math.floor(level * shades)));
    }
  }
  return png(rows, palette(random));
}

/** Smooth noise that is bent by smooth noise, about 0 to 1. */
function landscape(random) {
  const noise = smoothNoise(random);
  const scale = 1.6 + random() * 1.6;
  const bend = 0.5 + random() * 0.9;
  const tilt = random() * 0.5;
  return (x, y) => {
    const across = noise(x * scale + 3, y * scale) * bend;
    const down = noise(x * scale, y * scale + 7) * bend;
    return noise(x * scale + across, y * scale + down) * (1 - tilt) + y * tilt;
  };
}

const grid = 16;

/** Numbers on a grid, and between them what leads softly from one to the next. */
function smoothNoise(random) {
  const knots = Float64Array.from({ length: grid * grid }, random);
  const at = (x, y) => knots[(y & (grid - 1)) * grid + (x & (grid - 1))];
  const soft = (part) => part * part * (3 - 2 * part);
  return (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const across = soft(x - left);
    const down = soft(y - top);
    const upper = at(left, top) * (1 - across) + at(left + 1, top) * across;
    const lower = at(left, top + 1) * (1 - across) + at(left + 1, top + 1) * across;
    return upper * (1 - down) + lower * down;
  };
}

/** Colours from a dark one over a strong one to a light one; every fourth is a contour line. */
function palette(random) {
  const hue = random() * 360;
  const turn = (random() < 0.5 ? -1 : 1) * (60 + random() * 110);
  const colours = Buffer.alloc(shades * 3);
  for (let shade = 0; shade < shades; shade += 1) {
    const part = shade / (shades - 1);
    const line = shade % 4 === 3 ? 0.12 : 0;
    const saturation = 0.62 - 0.25 * part;
    const colour = rgb(
      hue + turn * part,
      saturation,
      0.14 + 0.72 * part ** 0.9 + line * (1 - part),
    );
    colours.set(colour, shade * 3);
  }
  return colours;
}

function rgb(hue, saturation, lightness) {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((offset) => {
    const place = (((offset + hue / 30) % 12) + 12) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1))));
  });
}

/** A PNG of rows of palette indices, each after its filter byte. */
function png(rows, colours) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("PLTE", colours),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
