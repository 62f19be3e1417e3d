// What the admin theme leaves to be said alike, or wrongly, to who can't see the page or holds a phone.
const { menu } = document.currentScript.dataset;

addEventListener("load", () => {
  // All of its scroll containers have the same label; a screen reader needs distinct ones.
  document.querySelector("#nav-sidebar-apps .simplebar-content-wrapper")?.setAttribute("aria-label", menu);
  // On a phone a row is a card, whose lines are named by the column. The first of a list without
  // boxes to tick is named as if it were one.
  const heading = document.querySelector("#result_list thead th")?.textContent.trim();
  for (const cell of document.querySelectorAll("#result_list .data-row > td:first-child")) {
    if (heading && !cell.querySelector("input[type=checkbox]")) cell.dataset.label = heading;
  }
  for (const cell of document.querySelectorAll("#result_list [data-label]")) {
    const { label } = cell.dataset;
    cell.dataset.label = label.slice(0, 1).toLocaleUpperCase(document.documentElement.lang) + label.slice(1);
  }
});
