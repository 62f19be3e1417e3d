/** Pictures of authors: of the site's accounts where it has any, else drawn from a seed without a request. */
import { make, svgElement } from "./dom.js";

const SIDE = 5;
const UNIT = 10;

/** Return the picture that our server has of the author; the drawn one takes its place where it can't be shown. */
export function avatar({ avatar: seed, author_avatar }) {
  if (!author_avatar) return drawing(seed);
  const picture = make("img", { class: "avatar", part: "avatar", alt: "", loading: "lazy", referrerpolicy: "no-referrer", onerror: () => picture.replaceWith(drawing(seed)) });
  picture.src = author_avatar;
  return picture;
}

/** Draw a pattern as SVG, the same as comments/text/avatars.py does. */
function drawing(seed) {
  const number = parseInt(seed, 16);
  const hue = (number % 24) * 15;
  return svgElement(
    "svg",
    { class: "avatar", part: "avatar", viewBox: "-8 -8 66 66", "aria-hidden": "true" },
    svgElement("rect", { x: -8, y: -8, width: 66, height: 66, fill: `hsl(${hue} 45% 90%)` }),
    svgElement("path", { fill: `hsl(${hue} 50% 42%)`, d: squares(Math.floor(number / 256)) }),
  );
}

/** Return an SVG path with a square for each bit of the pattern; the right half mirrors the left. */
function squares(pattern) {
  const bits = [...Array(15).keys()].filter((i) => Math.floor(pattern / 2 ** i) % 2);
  const cells = (bits.length ? bits : [8]).map((i) => [i % 3, Math.floor(i / 3)]);
  const mirrored = cells.flatMap(([x, y]) => [[x, y], [SIDE - 1 - x, y]]);
  return mirrored.map(([x, y]) => `M${x * UNIT} ${y * UNIT}h${UNIT}v${UNIT}h-${UNIT}z`).join("");
}
