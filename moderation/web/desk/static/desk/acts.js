// Deciding, undoing, escalating and noting without leaving the page.
import * as cards from "./cards.js";
import { countSoon } from "./counts.js";

const AWAY = "The server could not be reached. Nothing was recorded.";
const bar = document.getElementById("undo-bar");
const done = []; // What can be undone, the latest last.

export function say(text) {
  const told = document.getElementById("told");
  if (!told) return;
  told.textContent = "";
  requestAnimationFrame(() => (told.textContent = text));
}

async function post(url, data) {
  if (!data.has("csrfmiddlewaretoken")) {
    data.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  }
  try {
    const answer = await fetch(url, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
    });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (isJson) return { ok: answer.ok, ...(await answer.json()) };
    const missing = answer.status === 404 ? "This comment is gone." : AWAY;
    return { ok: false, problem: answer.redirected ? "Sign in again, please." : missing };
  } catch {
    return { ok: false, problem: AWAY };
  }
}

async function decide(form, button) {
  const card = form.closest(".card");
  if (card.classList.contains("leaving")) return;
  const data = new FormData(form);
  data.set(button.name, button.value);
  const below = card.nextElementSibling;
  cards.leave(card);
  const answer = await post(form.action, data);
  if (!answer.ok) return stop(card, answer);
  done.push({ ...answer, below, until: Date.now() + answer.seconds * 1000 });
  cards.remove(card);
  say(answer.told);
  showUndo();
  countSoon();
}

// Tell why nothing was done, on the card as it is now.
function stop(card, answer) {
  let shown = card;
  if (answer.card) shown = cards.put(answer.card, { old: card });
  else cards.comeBack(card);
  shown.querySelector(".problem")?.remove();
  const problem = document.createElement("p");
  problem.className = "notice problem";
  problem.textContent = answer.problem;
  shown.prepend(problem);
  say(answer.problem);
}

async function undo() {
  const last = done.pop();
  if (!last) return say("There is nothing to undo.");
  showUndo();
  const answer = await post(last.undo, new FormData());
  say(answer.ok ? answer.told : answer.problem);
  if (answer.card) cards.put(answer.card, { before: last.below });
  countSoon();
}

function showUndo() {
  const last = done.at(-1);
  const hadFocus = bar.contains(document.activeElement);
  bar.hidden = !last;
  if (!last) return hadFocus && cards.go(cards.currentCard() || cards.cards()[0]);
  const left = Math.ceil((last.until - Date.now()) / 1000);
  document.getElementById("undo-told").textContent = last.told;
  document.getElementById("undo-until").textContent =
    left > 0 ? `Nobody is told for ${left} s` : "Undo sends a correction";
}

const WORDS = {
  escalate: ["Leave it to the owners", "Why should they look? (may be empty)", "Escalate"],
  remark: ["Note about the author", "For colleagues; the author never sees it", "Write note"],
};

function ask(link) {
  const dialog = document.getElementById("ask");
  const text = document.getElementById("ask-text");
  const [title, label, yes] = WORDS[link.dataset.ask];
  document.getElementById("ask-title").textContent = title;
  document.getElementById("ask-label").textContent = label;
  document.getElementById("ask-yes").textContent = yes;
  text.value = "";
  text.required = link.dataset.ask === "remark";
  const card = link.closest(".card");
  dialog.returnValue = "";
  dialog.onclose = async () => {
    if (dialog.returnValue !== "yes") return cards.go(card);
    const data = new FormData();
    data.set("text", text.value);
    const answer = await post(link.dataset.to, data);
    if (!answer.ok) return stop(card, answer);
    cards.put(answer.card, { old: card });
    say(answer.told);
    countSoon();
  };
  dialog.showModal();
  text.focus();
}

export function watchActs() {
  if (!bar) return;
  document.addEventListener("submit", (event) => {
    if (event.target === bar) {
      event.preventDefault();
      undo();
    } else if (event.target.matches("form[data-act]")) {
      event.preventDefault();
      decide(event.target, event.submitter);
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-ask]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    ask(link);
  });
  document.getElementById("ask").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      document.getElementById("ask-yes").click();
    }
  });
  setInterval(showUndo, 1000);
}
