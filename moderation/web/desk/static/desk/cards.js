// The cards of the queue: which is the current one, and where the focus goes when one leaves.
const list = document.getElementById("cards");
const gone = new Set();

export const cards = () => (list ? [...list.querySelectorAll(".card:not(.leaving)")] : []);
export const cardOf = (id) => document.getElementById(`c-${id}`);

let current = null;
list?.addEventListener("focusin", (event) => {
  current = event.target.closest(".card");
});

// The card that keys are about: the one that has, or had last, the focus.
export function currentCard() {
  return current?.isConnected && !current.classList.contains("leaving") ? current : null;
}

export function go(card) {
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

// Let a card go, and move the focus to the one below it, or above it.
export function leave(card) {
  const all = cards();
  const at = all.indexOf(card);
  card.classList.add("leaving");
  card.setAttribute("aria-busy", "true");
  go(all[at + 1] || all[at - 1]);
}

export function comeBack(card) {
  card.classList.remove("leaving");
  card.removeAttribute("aria-busy");
  go(card);
}

export function remove(card) {
  gone.add(card.dataset.comment);
  card.remove();
  refill();
}

// Put the HTML of a card, as the server made it, where the old one is or before another one.
export function put(html, { old = null, before = null } = {}) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const card = template.content.firstElementChild;
  if (!card) return old?.remove();
  gone.delete(card.dataset.comment);
  if (old) old.replaceWith(card);
  else list.insertBefore(card, before?.isConnected ? before : list.firstChild);
  document.getElementById("empty").hidden = true;
  go(card);
  return card;
}

// When few are left, fetch what follows: the page as it is now.
let filling = false;
async function refill() {
  const older = document.querySelector('#pages [rel="next"]');
  if (filling || !older || cards().length > 5) return;
  filling = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const card of page.querySelectorAll("#cards > .card")) {
      if (!gone.has(card.dataset.comment) && !cardOf(card.dataset.comment)) list.append(card);
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
    filling = false;
  }
}
