/** Vote buttons of a comment: one vote for each reader, up or down, which a second click removes. */
import { make, visuallyHidden } from "./dom.js";
import { storage } from "./storage.js";
import { gettext, locale } from "./i18n.js";

const key = (section) => `votes ${section.api.site}`;

export function votes(comment, section) {
  const numbers = new Intl.NumberFormat(locale);
  const counts = { 1: make("span"), [-1]: make("span") };
  const button = (value, sign, label) => {
    const vote = () => cast(yours() === value ? 0 : value);
    return make("button", { type: "button", class: "vote", part: "vote", onclick: vote }, make("span", { "aria-hidden": "true" }, sign), visuallyHidden(label), " ", counts[value]);
  };
  const buttons = { 1: button(1, "▲", gettext("Vote for this reply")), [-1]: button(-1, "▼", gettext("Vote against this reply")) };
  const yours = () => storage.read(key(section), {})[comment.id] || 0;

  function show({ up, down }) {
    counts[1].textContent = up ? numbers.format(up) : "";
    counts[-1].textContent = down ? numbers.format(down) : "";
    for (const [value, element] of Object.entries(buttons)) element.setAttribute("aria-pressed", yours() === +value);
  }

  async function cast(value) {
    try {
      const result = await section.api.post(`comments/${comment.id}/vote`, { value, reader_token: section.reader?.reader_token });
      storage.add(key(section), comment.id, result.yours);
      show((comment.votes = result.votes));
    } catch (error) {
      section.announce(error.message);
    }
  }

  show(comment.votes);
  return make("span", { class: "votes", role: "group", "aria-label": gettext("Votes") }, buttons[1], buttons[-1]);
}
