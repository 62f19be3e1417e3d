/** Votes on a comment: one for each reader, for or against, which can be taken back. */
import { make, unseen } from "./dom.js";
import { memory } from "./memory.js";
import { locale, t } from "./words.js";

const key = (section) => `votes ${section.api.site}`;

export function votes(comment, section) {
  const numbers = new Intl.NumberFormat(locale);
  const counts = { 1: make("span"), [-1]: make("span") };
  const button = (value, sign, words) => {
    const vote = () => cast(yours() === value ? 0 : value);
    return make("button", { type: "button", class: "vote", part: "vote", onclick: vote }, make("span", { "aria-hidden": "true" }, sign), unseen(words), " ", counts[value]);
  };
  const buttons = { 1: button(1, "▲", t("Vote for this reply")), [-1]: button(-1, "▼", t("Vote against this reply")) };
  const yours = () => memory.read(key(section), {})[comment.id] || 0;

  function show({ up, down }) {
    counts[1].textContent = up ? numbers.format(up) : "";
    counts[-1].textContent = down ? numbers.format(down) : "";
    for (const [value, element] of Object.entries(buttons)) element.setAttribute("aria-pressed", yours() === +value);
  }

  async function cast(value) {
    try {
      const answer = await section.api.post(`comments/${comment.id}/vote`, { value, reader_token: section.reader?.reader_token });
      memory.add(key(section), comment.id, answer.yours);
      show((comment.votes = answer.votes));
    } catch (problem) {
      section.say(problem.message);
    }
  }

  show(comment.votes);
  return make("span", { class: "votes", role: "group", "aria-label": t("Votes") }, buttons[1], buttons[-1]);
}
