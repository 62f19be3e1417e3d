// Blurs the texts before they are drawn, where the moderator asked for it.
if (localStorage.getItem("desk.blur") === "1") {
  document.documentElement.classList.add("blur-texts");
}
