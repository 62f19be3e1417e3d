/**
 * Look right on any page: read the background, the text's and the links' colours around the section as
 * the browser computes them, and choose the scheme and colours that can be read there (WCAG: 4.5:1).
 *
 * What the page sets itself, by `theme` or by custom properties, is left as it is.
 */

const ENOUGH = 4.5;
const LINK_ENOUGH = 4.8; // links stand on slightly tinted ground, too
const QUIET = [72, 80, 88, 100]; // percent of the text's colour
const SETTLED = 600; // milliseconds after which a page that changes its colours is looked at again
const INK = { light: [0.114, 0.141, 0.129, 1], dark: [0.902, 0.922, 0.91, 1] };
const ON_ACCENT = [[1, 1, 1, 1], [0.063, 0.125, 0.102, 1]];

const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const over = (top, ground) => [...[0, 1, 2].map((i) => top[i] * top[3] + ground[i] * (1 - top[3])), 1];
const css = (colour) => `rgb(${colour.slice(0, 3).map((value) => Math.round(value * 255))})`;

/** Yield an element and those around it, shadow hosts included. */
function* around(element) {
  for (let node = element; node; node = node.assignedSlot || node.parentElement || node.getRootNode().host) yield node;
}

export class Look {
  constructor(element, signal) {
    this.element = element;
    const again = () => {
      this.read();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.read(), SETTLED);
    };
    const observer = new MutationObserver(again);
    for (const node of [document.documentElement, document.body]) observer.observe(node, { attributes: true });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again, { signal });
    addEventListener("load", again, { signal });
    signal.addEventListener("abort", () => (observer.disconnect(), clearTimeout(this.timer)));
  }

  /** Read the page's colours, and set those of the section. */
  read() {
    const { section } = this.element.thread || {};
    if (!section?.isConnected) return;
    const probe = document.createElement("a");
    probe.href = "#leave-a-reply";
    probe.slot = "leave-a-reply-look";
    this.element.append(probe);
    try {
      this.choose(section.style, new Reader(probe, this.element));
    } finally {
      probe.remove();
    }
  }

  choose(style, page) {
    const { ground, link, text } = page;
    const forced = this.element.getAttribute("theme");
    const scheme = ["light", "dark"].includes(forced) ? forced : luminance(ground) < 0.18 ? "dark" : "light";
    style.colorScheme = scheme;
    const ink = contrast(text, ground) < ENOUGH ? INK[scheme] : text;
    const set = (name, value) => (value ? style.setProperty(name, value) : style.removeProperty(name));
    set("--page-ink", ink !== text && css(ink));
    const quiet = QUIET.find((percent) => contrast(over([...ink.slice(0, 3), percent / 100], ground), ground) >= LINK_ENOUGH) || 100;
    set("--page-quiet", `color-mix(in srgb, currentColor ${quiet}%, transparent)`);
    const taken = link && contrast(link, ground) >= LINK_ENOUGH ? link : null;
    set("--page-accent", taken && css(taken));
    const accent = page.resolve(page.property("--reply-accent")) || taken;
    const [best] = accent ? [...ON_ACCENT].sort((a, b) => contrast(b, accent) - contrast(a, accent)) : [];
    set("--page-on-accent", best && css(best));
  }
}

/** The computed colours around an element: red, green, blue and alpha, each from 0 to 1. */
class Reader {
  constructor(probe, element) {
    this.probe = probe;
    this.element = element;
    // Pages let their links change colour slowly.
    probe.style.setProperty("transition", "none", "important");
  }

  /** Return a CSS colour as numbers, or null where it is none. */
  resolve(colour) {
    if (!colour) return null;
    const { style } = this.probe;
    // Mixing makes every notation one: color(srgb …).
    style.setProperty("color", `color-mix(in srgb, ${colour} 100%, ${colour})`, "important");
    if (!style.color) return null;
    const numbers = getComputedStyle(this.probe).color.match(/[\d.]+(?:e-?\d+)?|none/g)?.map((text) => Number(text) || 0);
    style.color = "";
    return numbers && [...numbers.slice(0, 3), numbers[3] ?? 1];
  }

  property(name) {
    return getComputedStyle(this.element).getPropertyValue(name);
  }

  get text() {
    return over(this.resolve(getComputedStyle(this.element).color), this.ground);
  }

  /** The colour of a link on this page; null where it is the browser's own. */
  get link() {
    const link = this.resolve(getComputedStyle(this.probe).color);
    const usual = this.resolve("LinkText");
    return link && String(link) !== String(usual) ? over(link, this.ground) : null;
  }

  /** The background, mixed of all layers; where a picture covers it, what the text's colour lets expect. */
  get ground() {
    const layers = [];
    for (const node of around(this.element)) {
      const { backgroundColor, backgroundImage } = getComputedStyle(node);
      const layer = this.resolve(backgroundColor);
      if (layer?.[3]) layers.push(layer);
      if (layer?.[3] === 1) break;
      if (backgroundImage !== "none") {
        const text = this.resolve(getComputedStyle(this.element).color);
        layers.push(luminance(text) > 0.4 ? [0.07, 0.07, 0.07, 1] : [1, 1, 1, 1]);
        break;
      }
    }
    return layers.reduceRight((ground, layer) => over(layer, ground), this.canvas);
  }

  /** The colour behind everything, which the scheme of the document decides. */
  get canvas() {
    this.probe.style.colorScheme = getComputedStyle(document.documentElement).colorScheme;
    const colour = this.resolve("Canvas");
    this.probe.style.colorScheme = "";
    return colour;
  }
}
