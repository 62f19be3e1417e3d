// What the theme's templates call, under names that Alpine's build without eval knows: it reads
// simple expressions, and neither globals of the page nor functions in attributes.
document.addEventListener("alpine:init", () => {
  for (const make of [theme, searchForm, searchDropdown, searchCommand]) {
    Alpine.data(make.name, make);
  }
  Alpine.data("page", () => ({
    activeTab: "",
    sidebarMobileOpen: false,
    sidebarDesktopOpen: localStorage.getItem("sidebarDesktopOpen") !== "0",
    // The theme's button writes it by itself; the watch below does that, too.
    localStorage: { setItem() {} },
    // Forms post to where they stand, with the tab that is open.
    get window() {
      const { pathname, search } = window.location;
      return { location: { pathname, search } };
    },
    init() {
      const { hasTabs, tab } = this.$el.dataset;
      this.activeTab = hasTabs ? getCurrentTab() || tab : "";
      this.$watch("sidebarDesktopOpen", (isOpen) => {
        window.localStorage.setItem("sidebarDesktopOpen", isOpen ? "1" : "0");
      });
    },
  }));
});
