// What is drawn on covers: each motif fills a square of 100 with the shapes and colours of its palette.

import { svg } from "../core/dom.js";
import { between, type Random } from "./cover-random.js";

/** Two colours of the ground, from top to bottom, and the colours of the shapes on it. */
export interface Palette {
  readonly ground: readonly [string, string];
  readonly shapes: readonly [string, string, string];
  /** The light that the cover throws on its surroundings. */
  readonly glow: string;
}

/** Hand-picked, so that every combination holds. */
export const palettes: readonly Palette[] = [
  { ground: ["#f4a259", "#e2543d"], shapes: ["#f8e9c9", "#5b2a4f", "#2b1833"], glow: "#e2543d" },
  { ground: ["#274060", "#132034"], shapes: ["#f2b880", "#e2704f", "#8fb8c9"], glow: "#3f7fc4" },
  { ground: ["#e9dcc3", "#d9b99b"], shapes: ["#c44f3b", "#28535e", "#1f2f36"], glow: "#d98a5a" },
  { ground: ["#20736a", "#0f3f45"], shapes: ["#f5d49a", "#e87a5d", "#bfe0cf"], glow: "#2f9c8e" },
  { ground: ["#6b4c9a", "#2e2256"], shapes: ["#f6a6a1", "#ffd9a0", "#a3b6f0"], glow: "#7d5cc0" },
  { ground: ["#f0b7a4", "#d6768b"], shapes: ["#fff1dc", "#7c3a63", "#3c2145"], glow: "#e07a94" },
  { ground: ["#3b6ea8", "#1b3564"], shapes: ["#ffe3b0", "#f28c63", "#bcd9f2"], glow: "#4a8ad0" },
  { ground: ["#d8d3c4", "#b5b9a4"], shapes: ["#3d5a45", "#e0894d", "#25322b"], glow: "#8da36a" },
  { ground: ["#1d1a26", "#3a2b45"], shapes: ["#e4572e", "#f3c969", "#76a5af"], glow: "#e4672e" },
  { ground: ["#fbd87f", "#f0a13c"], shapes: ["#c1402f", "#fff6df", "#43304f"], glow: "#f2b23f" },
  { ground: ["#a9c7c5", "#5f8f9b"], shapes: ["#fbf1df", "#d9583f", "#20424f"], glow: "#5aa0b4" },
  { ground: ["#8a2f3f", "#43162b"], shapes: ["#f3c6a0", "#e9784f", "#d9a0a8"], glow: "#c8485a" },
];

export type Motif = (palette: Palette, random: Random) => SVGElement[];

const circle = (cx: number, cy: number, r: number, fill: string, opacity = 1): SVGElement =>
  svg("circle", { cx, cy, r, fill, "fill-opacity": opacity });

const path = (d: string, fill: string, opacity = 1): SVGElement =>
  svg("path", { d, fill, "fill-opacity": opacity });

const sun: Motif = ({ ground, shapes }, random) => {
  const [x, y, radius] = [
    between(random, 35, 65),
    between(random, 36, 46),
    between(random, 22, 29),
  ];
  const bands = [0.08, 0.32, 0.54, 0.74].map((at, index) =>
    svg("rect", {
      x: 0,
      y: y + radius * at,
      width: 100,
      height: 1.4 + index * 1.1,
      fill: ground[1],
    }),
  );
  const horizon = y + radius * 0.95;
  return [
    circle(x, y, radius, shapes[0]),
    ...bands,
    path(
      `M0 ${horizon + 6}Q30 ${horizon - 8} 55 ${horizon + 4}T100 ${horizon - 2}V100H0Z`,
      shapes[1],
    ),
    path(
      `M0 ${horizon + 18}Q25 ${horizon + 8} 50 ${horizon + 17}T100 ${horizon + 10}V100H0Z`,
      shapes[2],
    ),
  ];
};

const rings: Motif = ({ shapes }, random) => {
  const [x, y] = [between(random, 20, 80), between(random, 55, 95)];
  const sizes = [78, 64, 50, 38, 27, 17, 8];
  return sizes.map((size, index) =>
    circle(x, y, size, shapes[index % 3] as string, index === 0 ? 0.55 : 0.95),
  );
};

const waves: Motif = ({ ground, shapes }, random) => {
  const colours = [shapes[2], shapes[0], shapes[1], ground[1], shapes[0], shapes[2]];
  const swell = between(random, 5, 10);
  return colours.map((colour, index) => {
    const y = 28 + index * 12.5;
    const shift = between(random, -12, 12);
    const d = `M-20 ${y}C${10 + shift} ${y - swell} ${25 + shift} ${y - swell} 50 ${y}S${90 + shift} ${y + swell} 120 ${y}V110H-20Z`;
    return path(d, colour, index === 0 ? 0.8 : 1);
  });
};

const arches: Motif = ({ ground, shapes }, random) => {
  const x = between(random, 38, 62);
  const colours = [shapes[1], shapes[0], shapes[2], ground[0], shapes[0]];
  return colours.map((colour, index) => {
    const half = 42 - index * 8.5;
    const top = 58 - half * 0.55;
    return path(`M${x - half} 100V${top + 10}a${half} ${half} 0 0 1 ${half * 2} 0V100Z`, colour);
  });
};

const beams: Motif = ({ shapes }, random) => {
  const angle = between(random, 18, 42) * (random() < 0.5 ? -1 : 1);
  let x = -60;
  const stripes: SVGElement[] = [];
  for (let index = 0; x < 160; index++) {
    const width = between(random, 5, 15);
    const fill = shapes[index % 3] as string;
    stripes.push(
      svg("rect", {
        x,
        y: -60,
        width,
        height: 220,
        fill,
        "fill-opacity": index % 4 === 3 ? 0.55 : 1,
      }),
    );
    x += width + between(random, 6, 16);
  }
  return [svg("g", { transform: `rotate(${angle} 50 50)` }, ...stripes)];
};

const dots: Motif = ({ shapes }, random) => {
  const [x, y] = [between(random, 20, 80), between(random, 20, 80)];
  const result: SVGElement[] = [];
  for (let row = 0; row < 9; row++) {
    for (let column = 0; column < 9; column++) {
      const [cx, cy] = [10 + column * 10, 10 + row * 10];
      const far = Math.hypot(cx - x, cy - y);
      const radius = Math.round(Math.max(0.8, 5.4 - far / 15) * 10) / 10;
      result.push(circle(cx, cy, radius, far < 26 ? shapes[1] : far < 52 ? shapes[0] : shapes[2]));
    }
  }
  return result;
};

const peaks: Motif = ({ shapes }, random) => {
  const ridge = (base: number, height: number, colour: string): SVGElement => {
    let d = `M0 100V${base}`;
    for (let x = 0; x <= 100; x += 20)
      d += `L${x + 10} ${base - between(random, 0, height)}L${x + 20} ${base}`;
    return path(`${d}V100Z`, colour);
  };
  return [
    circle(between(random, 22, 78), between(random, 20, 32), between(random, 8, 13), shapes[0]),
    ridge(62, 30, shapes[2]),
    ridge(76, 26, shapes[1]),
    ridge(90, 20, shapes[0]),
  ];
};

const tiles: Motif = ({ ground, shapes }, random) => {
  const colours = [...shapes, ground[0], ground[1]];
  const pick = (): string => colours[Math.floor(random() * colours.length)] as string;
  const result: SVGElement[] = [];
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      const [x, y] = [column * 25, row * 25];
      result.push(svg("rect", { x, y, width: 25.2, height: 25.2, fill: pick() }));
      const turn = Math.floor(random() * 4) * 90;
      const shape = random() < 0.72 ? "M0 0H25A25 25 0 0 1 0 25Z" : "M12.5 3A9.5 9.5 0 1 1 12.4 3Z";
      const transform = `translate(${x} ${y}) rotate(${turn} 12.5 12.5)`;
      result.push(svg("path", { d: shape, fill: pick(), transform }));
    }
  }
  return result;
};

const petals: Motif = ({ shapes }, random) => {
  const [x, y] = [between(random, 38, 62), between(random, 40, 60)];
  const petalsAround = 7 + Math.floor(random() * 4);
  const ring = (length: number, width: number, colour: string, turn: number): SVGElement[] =>
    Array.from({ length: petalsAround }, (_, index) => {
      const angle = (360 / petalsAround) * (index + turn);
      const d = `M0 0C${width} ${-length * 0.35} ${width} ${-length * 0.85} 0 ${-length}C${-width} ${-length * 0.85} ${-width} ${-length * 0.35} 0 0Z`;
      return svg("path", { d, fill: colour, transform: `translate(${x} ${y}) rotate(${angle})` });
    });
  return [
    ...ring(62, 17, shapes[1], 0.5),
    ...ring(46, 13, shapes[0], 0),
    circle(x, y, 11, shapes[2]),
    circle(x, y, 5, shapes[0]),
  ];
};

const phases: Motif = ({ ground, shapes }, random) => {
  const result: SVGElement[] = [];
  const lit = random() < 0.5 ? shapes[0] : shapes[1];
  for (let index = 0; index < 9; index++) {
    const [cx, cy] = [20 + (index % 3) * 30, 20 + Math.floor(index / 3) * 30];
    const bulge = 12 - index * 3;
    result.push(circle(cx, cy, 12, index === 4 ? shapes[2] : ground[1], index === 4 ? 1 : 0.55));
    const d = `M${cx} ${cy - 12}A12 12 0 0 1 ${cx} ${cy + 12}A${Math.abs(bulge)} 12 0 0 ${bulge > 0 ? 1 : 0} ${cx} ${cy - 12}Z`;
    result.push(path(d, lit));
  }
  return result;
};

const steps: Motif = ({ shapes }, random) => {
  const result: SVGElement[] = [];
  for (let index = 0; index < 10; index++) {
    const fill = shapes[index % 3] as string;
    const height = between(random, 18, 92);
    result.push(
      svg("rect", {
        x: index * 10 + 1.2,
        y: 100 - height,
        width: 7.6,
        height: height + 4,
        rx: 3.8,
        fill,
      }),
    );
    result.push(circle(index * 10 + 5, 100 - height - 8, 2.6, fill, 0.75));
  }
  return result;
};

export const motifs: readonly Motif[] = [
  sun,
  rings,
  waves,
  arches,
  beams,
  dots,
  peaks,
  tiles,
  petals,
  phases,
  steps,
];
