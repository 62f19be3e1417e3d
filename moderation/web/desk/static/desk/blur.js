// Blurs the texts before the first paint, where the moderator has switched it on.
if (localStorage.getItem("desk.blur") === "1") {
  document.documentElement.classList.add("blur-texts");
}
