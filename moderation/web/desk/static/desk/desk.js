// The queue and the pages of comments, made quick. Without this file every button still works.
import { watchActs } from "./acts.js";
import { watchCounts } from "./counts.js";
import { watchKeys } from "./keys.js";

watchActs();
watchCounts();
watchKeys();

const blur = document.querySelector("[data-blur]");
if (blur) {
  const root = document.documentElement;
  const show = () => blur.setAttribute("aria-pressed", root.classList.contains("blur-texts"));
  blur.hidden = false;
  show();
  blur.addEventListener("click", () => {
    localStorage.setItem("desk.blur", root.classList.toggle("blur-texts") ? "1" : "0");
    show();
  });
}
