/** Pictures of authors, drawn here of a seed as comments/text/avatars.py draws them: nothing is fetched. */
import { drawing } from "./dom.js";

const SIDE = 5;
const UNIT = 10;

export function avatar(seed) {
  const number = parseInt(seed, 16);
  const hue = (number % 24) * 15;
  return drawing(
    "svg",
    { class: "avatar", part: "avatar", viewBox: "-8 -8 66 66", "aria-hidden": "true" },
    drawing("rect", { x: -8, y: -8, width: 66, height: 66, fill: `hsl(${hue} 45% 90%)` }),
    drawing("path", { fill: `hsl(${hue} 50% 42%)`, d: squares(Math.floor(number / 256)) }),
  );
}

/** The path of the squares for which the pattern has a bit; the right half mirrors the left one. */
function squares(pattern) {
  const bits = [...Array(15).keys()].filter((i) => Math.floor(pattern / 2 ** i) % 2);
  const cells = (bits.length ? bits : [8]).map((i) => [i % 3, Math.floor(i / 3)]);
  const mirrored = cells.flatMap(([x, y]) => [[x, y], [SIDE - 1 - x, y]]);
  return mirrored.map(([x, y]) => `M${x * UNIT} ${y * UNIT}h${UNIT}v${UNIT}h-${UNIT}z`).join("");
}
