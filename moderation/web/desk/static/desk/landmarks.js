// The library names all of its scrolling boxes alike; a reader of landmarks must tell them apart.
addEventListener("load", () => {
  document.querySelector("#nav-sidebar-apps .simplebar-content-wrapper")?.setAttribute("aria-label", "Menu");
});
