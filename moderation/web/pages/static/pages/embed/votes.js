/** Vote buttons of a comment, as they look; to vote is `later/votes.js`. */
import { make, visuallyHidden } from "./dom.js";
import { explain } from "./api.js";
import { later } from "./later.js";
import { storage } from "./storage.js";

const yours = (thread, id) => storage.read(`votes ${thread.api.site}`, {})[id] || 0;

/** Return the buttons; on an own comment, which gets no vote of its author's, the numbers alone. */
export function votes(entry) {
  const { comment, thread } = entry;
  const { formatNumber, gettext } = thread.language;
  const sides = { up: [1, "▲", gettext("Vote for this reply")], down: [-1, "▼", gettext("Vote against this reply")] };
  const number = (side) => (comment.votes[side] ? formatNumber(comment.votes[side]) : "");
  const vote = (value) => async () => {
    entry.alert.textContent = "";
    try {
      await (await later()).vote(entry, yours(thread, comment.id) === value ? 0 : value);
      show();
    } catch (error) {
      entry.alert.textContent = explain(error, thread.language);
    }
  };
  const parts = Object.entries(sides).map(([side, [value, sign, label]]) => {
    const content = [make("span", { "aria-hidden": "true" }, sign), entry.own ? "" : visuallyHidden(label), " ", make("span", { class: side })];
    if (!entry.own) return make("button", { type: "button", class: "vote", part: "vote", value, onclick: vote(value) }, content);
    return number(side) ? make("span", { class: "vote" }, content) : "";
  });
  const group = make("span", { class: "votes", role: "group", "aria-label": gettext("Votes") }, parts);

  function show() {
    for (const side of Object.keys(sides)) {
      const place = group.querySelector(`.${side}`);
      if (place) place.textContent = number(side);
    }
    for (const button of group.querySelectorAll("button")) button.setAttribute("aria-pressed", yours(thread, comment.id) === +button.value);
  }

  show();
  return group.childElementCount ? group : null;
}
