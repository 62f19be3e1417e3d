/** Where an own comment stands, for its author alone: waiting, held, published, or not, and why. */
import { make } from "./dom.js";
import { stateOf } from "./states.js";

/** Return the note for an own comment, or nothing for one that was published before. */
export function standing({ comment, own, thread }) {
  const { gettext } = thread.language;
  const state = stateOf(comment);
  const waiting = gettext("Waiting to be published. Only you see it.");
  const words = { waiting, confirm: waiting, held: waiting, not_published: gettext("Not published. Only you see it."), published: comment.state && gettext("Published.") }[state];
  const more = { confirm: gettext("We have sent you a mail. When you follow the link in it, your reply goes on its way."), held: gettext("A moderator will look at it first."), not_published: comment.reason }[state];
  if (!words) return null;
  const link = (address, label) => address && make("a", { href: address, target: "_blank", rel: "noopener" }, label);
  const address = own.status_url || comment.status_url;
  const appeal = state === "not_published" && comment.can_appeal;
  return make(
    "p",
    { class: `waiting ${state}`, part: "standing" },
    make("strong", {}, words),
    " ",
    more && [make("bdi", {}, more), " "],
    appeal && [link(`${address}#appeal`, gettext("Appeal")), " "],
    state !== "published" && link(address, gettext("Follow your reply")),
  );
}
