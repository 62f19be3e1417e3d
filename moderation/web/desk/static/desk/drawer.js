// The author of a comment in a drawer beside the queue: record, latest comments, trust and bans.
import { post } from "./actions.js";
import { countSoon } from "./counts.js";
import { text } from "./texts.js";

const drawer = document.getElementById("drawer");
const content = document.getElementById("drawer-content");
const status = document.getElementById("drawer-status");
let address = "";

function say(text) {
  status.hidden = !text;
  status.textContent = text;
}

async function load() {
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) throw new Error(response.statusText);
    content.innerHTML = await response.text();
  } catch {
    say(text("The server could not be reached."));
  }
}

async function open(link) {
  address = link.dataset.drawer;
  say("");
  content.replaceChildren();
  await load();
  drawer.showModal();
}

async function submit(form, button) {
  const data = new FormData(form, button);
  const response = await post(form.action, data);
  say(response.ok ? response.message : response.problem);
  if (!response.ok) return;
  await load();
  drawer.querySelector("button").focus();
  countSoon();
}

export function handleDrawer() {
  if (!drawer) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-drawer]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
  content.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(event.target, event.submitter);
  });
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
}
