// Enhances the queue and the pages of comments. Without this file every button still works.
import { handleActions } from "./actions.js";
import { pollCounts } from "./counts.js";
import { handleDrawer } from "./drawer.js";
import { handleFocusMode } from "./focus_mode.js";
import { handleKeys } from "./keyboard.js";
import { handlePicks } from "./picks.js";

handleActions();
pollCounts();
handleDrawer();
handlePicks();
handleFocusMode();
handleKeys();

const blur = document.querySelector("[data-blur]");
if (blur) {
  const root = document.documentElement;
  const update = () => blur.setAttribute("aria-pressed", root.classList.contains("blur-texts"));
  blur.hidden = false;
  update();
  blur.addEventListener("click", () => {
    localStorage.setItem("desk.blur", root.classList.toggle("blur-texts") ? "1" : "0");
    update();
  });
}
