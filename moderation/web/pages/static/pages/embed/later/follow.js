/** Follow the reader's own comments until it is settled what becomes of them, also after a reload. */
import { focusOn, stateOf, storage } from "./kit.js";

const DELAYS = [2, 4, 8, 16, 32, 60, 120, 300]; // seconds between two looks; the last one repeats
const MOST_LOOKS = 40; // then the page has been open for hours: the next load looks again
const MOST_GATHERED = 10; // own comments that a page asks for, besides those of the list

const isSettled = (comment) => comment.settled ?? !["pending", "held"].includes(comment.status);

/** Return what follows the own comments of a thread, one for each thread. */
export const followerOf = (thread) => (thread.follower ??= new Follower(thread));

class Follower {
  constructor(thread) {
    this.thread = thread;
    this.followed = new Map();
    this.key = `own ${thread.api.site}`;
    const seen = () => document.hidden || !this.followed.size || this.schedule(0);
    document.addEventListener("visibilitychange", seen, { signal: thread.signal });
    thread.signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  /** Show a comment that was posted here, with the focus on it if it is sought, and follow it until it is settled. */
  posted(comment, parent, { isSought }) {
    const { thread } = this;
    const { gettext } = thread.language;
    const entry = this.place(comment, parent);
    thread.announce(gettext("Thank you. Your reply is being looked at, and will appear when it is published."));
    if (isSought) focusOn(entry.item, { seen: entry.article });
    thread.element.emit("posted", { id: comment.id, parent: comment.parent });
    this.add(entry);
  }

  /** Put a comment of the reader's own below its parent, or at the top. */
  place(comment, parent = this.thread.entries.get(comment.parent)) {
    const entry = this.thread.entry(comment);
    if (parent?.item.isConnected) parent.place(entry);
    else this.thread.list.prepend(entry.item);
    return entry;
  }

  /** Follow a comment from now on, with short delays first. */
  add(entry) {
    this.remember(entry.comment);
    if (isSettled(entry.comment)) return;
    this.followed.set(entry.comment.id, entry);
    this.looks = 0;
    this.schedule();
  }

  /** Show own comments that the list leaves out, such as refused ones, and follow what waits. */
  async gather() {
    const { thread } = this;
    for (const [id, entry] of thread.entries) if (thread.api.own[id] && !this.followed.has(id)) this.add(entry);
    const here = Object.entries(thread.api.own).filter(([, own]) => own.thread === thread.name && !own.done);
    const missing = here.map(([id]) => id).filter((id) => !thread.entries.has(id)).slice(-MOST_GATHERED);
    await Promise.all(missing.map((id) => this.fetch(id)));
  }

  async fetch(id) {
    const comment = await this.thread.api.get(`comments/${id}`).catch(() => null);
    if (!comment || this.thread.signal.aborted || this.thread.entries.has(id)) return;
    if (["published", "deleted"].includes(stateOf(comment))) this.remember(comment);
    else this.add(this.place(comment));
  }

  schedule(seconds = DELAYS[Math.min(this.looks, DELAYS.length - 1)]) {
    clearTimeout(this.timer);
    if (this.looks < MOST_LOOKS && !this.thread.signal.aborted) this.timer = setTimeout(() => this.look(), seconds * 1000);
  }

  /** Look now, and again later while anything is not settled. A hidden page waits until it is seen. */
  async look() {
    if (document.hidden) return;
    this.looks += 1;
    await this.check();
    if (this.followed.size) this.schedule();
  }

  /** Ask once how the comments that are followed stand. */
  check() {
    return Promise.all([...this.followed.values()].map((entry) => this.ask(entry)));
  }

  async ask(entry) {
    const { id } = entry.comment;
    const revision = entry.revision;
    const comment = await this.thread.api.get(`comments/${id}`).catch((error) => error.status === 404 && { ...entry.comment, status: "deleted", state: "deleted", settled: true });
    // Meanwhile it may have been changed or settled here.
    if (!comment || this.thread.signal.aborted || revision !== entry.revision || !this.followed.has(id)) return;
    if (isSettled(comment)) this.followed.delete(id);
    this.remember(comment);
    this.change(entry, comment);
  }

  /** Show the comment as it is now; the heading counts with it, and a change is told. */
  change(entry, comment) {
    const { thread } = this;
    const former = entry.comment;
    const [was, is] = [stateOf(former), stateOf(comment)];
    thread.setCount(thread.count + (is === "published") - (was === "published"));
    if (was === is && former.body_html === comment.body_html && former.reason === comment.reason) return;
    entry.show({ ...former, ...comment, state: is });
    if (was === is) return;
    this.tell(is);
    thread.element.emit("decided", { id: comment.id, state: is });
  }

  tell(state) {
    const { gettext } = this.thread.language;
    const words = {
      published: gettext("Your reply is published."),
      held: gettext("A moderator will look at your reply before it is published."),
      not_published: gettext("Your reply is not published."),
      confirm: gettext("We have sent you a mail. When you follow the link in it, your reply goes on its way."),
    };
    if (words[state]) this.thread.announce(words[state]);
  }

  /** Keep in this browser whether there is anything left to say about an own comment. */
  remember(comment) {
    const own = this.thread.api.own[comment.id];
    const done = ["published", "deleted"].includes(stateOf(comment));
    if (own && !!own.done !== done) storage.add(this.key, comment.id, { ...own, done });
  }
}
