/** The nudge: a request before posting to reconsider, with the words in question marked. */
import { action, make } from "./kit.js";

export function nudge({ message, spans }, body, { gettext }, { change, post }) {
  return make(
    "div",
    { class: "nudge wide", part: "nudge", role: "group", "aria-labelledby": "nudge", tabindex: "-1" },
    make("strong", { id: "nudge" }, message),
    make("blockquote", { dir: "auto" }, marked(body, spans)),
    make("p", {}, gettext("You can change it, or post it as it is; a moderator may look at it first.")),
    make("p", { class: "buttons" }, make("button", { type: "button", part: "button", "data-cancel": true, onclick: change }, gettext("Change it")), action(gettext("Post anyway"), post)),
  );
}

/** Split the text so that its spans, counted in UTF-16 code units, become <mark> elements. */
function marked(body, spans) {
  let position = 0;
  const parts = spans.flatMap(({ begin, end }) => {
    const before = body.slice(position, begin);
    position = end;
    return [before, make("mark", {}, body.slice(begin, end))];
  });
  return [...parts, body.slice(position)];
}
