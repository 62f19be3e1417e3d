// The admin theme labels all of its scroll containers alike; a screen reader needs distinct labels.
addEventListener("load", () => {
  document.querySelector("#nav-sidebar-apps .simplebar-content-wrapper")?.setAttribute("aria-label", "Menu");
});
