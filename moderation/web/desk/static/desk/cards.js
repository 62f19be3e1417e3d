// The cards of the queue: the current card, and the focus when one is removed.
const list = document.getElementById("cards");
const removed = new Set();

export const cards = () => (list ? [...list.querySelectorAll(".card:not(.leaving)")] : []);
export const removedCount = () => removed.size;
export const cardOf = (id) => document.getElementById(`c-${id}`);

let current = null;
list?.addEventListener("focusin", (event) => mark(event.target.closest(".card")));

function mark(card) {
  current?.classList.remove("current");
  current = card;
  current?.classList.add("current");
}

// The card for keyboard shortcuts: the one that has, or had last, the focus.
export function currentCard() {
  return current?.isConnected && !current.classList.contains("leaving") ? current : null;
}

export function go(card) {
  // First, since focus mode hides all others, and what is hidden takes no focus.
  if (card) mark(card);
  const target = card || document.getElementById("empty");
  if (target === document.getElementById("empty")) target.hidden = false;
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "nearest" });
}

export function move(steps) {
  const all = cards();
  const at = all.indexOf(currentCard());
  go(all[at < 0 ? 0 : Math.min(Math.max(at + steps, 0), all.length - 1)]);
}

// Marks a card as leaving, and moves the focus to the one below it, or above it.
export function leave(card) {
  const all = cards();
  const at = all.indexOf(card);
  card.classList.add("leaving");
  card.setAttribute("aria-busy", "true");
  go(all[at + 1] || all[at - 1]);
}

export function restore(card) {
  card.classList.remove("leaving");
  card.removeAttribute("aria-busy");
  go(card);
}

export function remove(card) {
  removed.add(card.dataset.comment);
  card.remove();
  refill();
}

// Where a card stands: above the card of the comment `below`, which may be decided meanwhile.
export function placeOf(card) {
  return { comment: card.dataset.comment, below: card.nextElementSibling?.dataset.comment };
}

// Inserts the server's HTML of a card in place of an old one, or where it stood.
export function put(html, { old = null, place = {} } = {}) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const card = template.content.firstElementChild;
  if (!card) return old?.remove();
  removed.delete(card.dataset.comment);
  if (old) old.replaceWith(card);
  else list.insertBefore(card, place.below ? cardOf(place.below) || list.firstChild : null);
  document.getElementById("empty").hidden = true;
  go(card);
  return card;
}

// When few cards are left, refetches the page and appends the new ones.
let refilling = false;
async function refill() {
  const older = document.querySelector('#pages [rel="next"]');
  if (refilling || !older || cards().length > 5) return;
  refilling = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const card of page.querySelectorAll("#cards > .card")) {
      if (!removed.has(card.dataset.comment) && !cardOf(card.dataset.comment)) list.append(card);
    }
    document.getElementById("pages").innerHTML = page.getElementById("pages").innerHTML;
    const empty = document.getElementById("empty");
    if (cards().length) {
      if (document.activeElement === empty) go(cards()[0]);
      empty.hidden = true;
    }
  } catch {
    // The pages below still lead on.
  } finally {
    refilling = false;
  }
}
