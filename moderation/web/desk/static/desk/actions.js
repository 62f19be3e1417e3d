// Decides, undoes, escalates and adds notes without leaving the page.
import * as cards from "./cards.js";
import { countSoon } from "./counts.js";

const UNREACHABLE = "The server could not be reached. Nothing was recorded.";
const bar = document.getElementById("undo-bar");
const undoable = []; // Decisions that can be undone, the latest last.

// Announces a text to screen readers.
export function announce(text) {
  const region = document.getElementById("announcement");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = text));
}

async function post(url, data) {
  if (!data.has("csrfmiddlewaretoken")) {
    data.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  }
  try {
    const response = await fetch(url, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    if (isJson) return { ok: response.ok, ...(await response.json()) };
    const missing = response.status === 404 ? "This comment is gone." : UNREACHABLE;
    return { ok: false, problem: response.redirected ? "Sign in again, please." : missing };
  } catch {
    return { ok: false, problem: UNREACHABLE };
  }
}

async function decide(form, button) {
  const card = form.closest(".card");
  if (card.classList.contains("leaving")) return;
  const data = new FormData(form);
  data.set(button.name, button.value);
  const below = card.nextElementSibling;
  cards.leave(card);
  const response = await post(form.action, data);
  if (!response.ok) return showProblem(card, response);
  undoable.push({ ...response, below, until: Date.now() + response.seconds * 1000 });
  cards.remove(card);
  announce(response.message);
  showUndo();
  countSoon();
}

// Shows why a request was refused, on the comment's present card.
function showProblem(card, response) {
  let current = card;
  if (response.card) current = cards.put(response.card, { old: card });
  else cards.restore(card);
  current.querySelector(".problem")?.remove();
  const problem = document.createElement("p");
  problem.className = "notice problem";
  problem.textContent = response.problem;
  current.prepend(problem);
  announce(response.problem);
}

async function undo() {
  const last = undoable.pop();
  if (!last) return announce("There is nothing to undo.");
  showUndo();
  const response = await post(last.undo, new FormData());
  announce(response.ok ? response.message : response.problem);
  if (response.card) cards.put(response.card, { before: last.below });
  countSoon();
}

function showUndo() {
  const last = undoable.at(-1);
  const hadFocus = bar.contains(document.activeElement);
  bar.hidden = !last;
  if (!last) return hadFocus && cards.go(cards.currentCard() || cards.cards()[0]);
  const left = Math.ceil((last.until - Date.now()) / 1000);
  document.getElementById("undo-message").textContent = last.message;
  document.getElementById("undo-until").textContent =
    left > 0 ? `Nobody is told for ${left} s` : "Undo sends a correction";
}

const DIALOG_TEXTS = {
  escalate: ["Leave it to the owners", "Why should they look? (may be empty)", "Escalate"],
  remark: ["Note about the author", "For colleagues; the author never sees it", "Write note"],
};

function openDialog(link) {
  const dialog = document.getElementById("text-dialog");
  const text = document.getElementById("text-dialog-text");
  const [title, label, yes] = DIALOG_TEXTS[link.dataset.dialog];
  document.getElementById("text-dialog-title").textContent = title;
  document.getElementById("text-dialog-label").textContent = label;
  document.getElementById("text-dialog-yes").textContent = yes;
  text.value = "";
  text.required = link.dataset.dialog === "remark";
  const card = link.closest(".card");
  dialog.returnValue = "";
  dialog.onclose = async () => {
    if (dialog.returnValue !== "yes") return cards.go(card);
    const data = new FormData();
    data.set("text", text.value);
    const response = await post(link.dataset.to, data);
    if (!response.ok) return showProblem(card, response);
    cards.put(response.card, { old: card });
    announce(response.message);
    countSoon();
  };
  dialog.showModal();
  text.focus();
}

export function handleActions() {
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
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    openDialog(link);
  });
  document.getElementById("text-dialog").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      document.getElementById("text-dialog-yes").click();
    }
  });
  setInterval(showUndo, 1000);
}
