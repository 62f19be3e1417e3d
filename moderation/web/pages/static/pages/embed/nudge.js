/** The nudge: a gentle word before posting, with the words in question marked. */
import { action, make } from "./dom.js";
import { t } from "./words.js";

export function nudge({ message, spans }, body, { change, post }) {
  return make(
    "div",
    { class: "nudge wide", part: "nudge", role: "group", "aria-labelledby": "nudge", tabindex: "-1" },
    make("strong", { id: "nudge" }, message),
    make("blockquote", { dir: "auto" }, marked(body, spans)),
    make("p", {}, t("You can change it, or post it as it is; a moderator may look at it first.")),
    make("p", { class: "buttons" }, make("button", { type: "button", part: "button", onclick: change }, t("Change it")), action(t("Post anyway"), post)),
  );
}

function marked(body, spans) {
  let shown = 0;
  const parts = spans.flatMap(({ begin, end }) => {
    const before = body.slice(shown, begin);
    shown = end;
    return [before, make("mark", {}, body.slice(begin, end))];
  });
  return [...parts, body.slice(shown)];
}
