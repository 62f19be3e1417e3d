// The set-up of a site: snippets as tabs, and a page that notices the first call by itself.
import "./copy.js";

const PAUSE = 3000;

function makeTabs(box) {
  const panels = [...box.children];
  const list = document.createElement("div");
  list.className = "snippet-tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", box.dataset.tabs);
  const tabs = panels.map((panel) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `tab-${panel.id}`;
    tab.textContent = panel.querySelector("h3").textContent;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.querySelector("h3").hidden = true;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => show(tab));
    list.append(tab);
    return tab;
  });
  function show(shown) {
    tabs.forEach((tab, n) => {
      tab.setAttribute("aria-selected", tab === shown);
      tab.tabIndex = tab === shown ? 0 : -1;
      panels[n].hidden = tab !== shown;
    });
  }
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs.at((tabs.indexOf(document.activeElement) + step) % tabs.length);
    show(next);
    next.focus();
    event.preventDefault();
  });
  box.prepend(list);
  show(tabs[0]);
}

async function look(main) {
  const answer = await fetch(main.dataset.state, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { state, refused } = await answer.json();
  const key = [state, ...refused].join(" ");
  if (key === document.getElementById("connection").dataset.key.trim()) return;
  const page = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  const section = "section[aria-labelledby=step-call]";
  const [shown, now] = [document.querySelector(section), fresh.querySelector(section)];
  if (!now) return;
  shown.className = now.className;
  shown.querySelector(".step").textContent = now.querySelector(".step").textContent;
  const box = document.getElementById("connection");
  const content = fresh.getElementById("connection");
  box.dataset.key = content.dataset.key;
  box.replaceChildren(...content.childNodes);
}

document.querySelectorAll("[data-tabs]").forEach(makeTabs);
const main = document.querySelector("[data-state]");
setInterval(() => {
  const isConnected = main.querySelector("#connection").dataset.key.startsWith("connected");
  if (!document.hidden && !isConnected) look(main).catch(() => {});
}, PAUSE);
