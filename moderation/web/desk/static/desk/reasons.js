// The key of "Reject" asks for the reason first: its number decides, and the key again needs none.
import { text } from "./texts.js";

const dialog = document.getElementById("reasons");

// Opens the list of the reasons that the form of a button offers.
export function askReason(button) {
  const select = button.form.elements.namedItem("reason");
  // It was chosen by hand already.
  if (select.value) return button.click();
  const list = dialog.querySelector("ol");
  const card = button.closest(".card")?.id;
  const decide = (value) => {
    // The card may have been drawn anew while the question stood there.
    const asked = button.isConnected ? button : document.getElementById(card)?.querySelector("[data-reasons]");
    dialog.close();
    if (!asked) return;
    asked.form.elements.namedItem("reason").value = value;
    asked.click();
  };
  const buttons = [...select.options].map((option, number) => {
    const item = document.createElement("button");
    item.type = "button";
    item.dataset.number = number || "r";
    item.textContent = option.value ? option.label : text("Without a reason");
    item.addEventListener("click", () => decide(option.value));
    return item;
  });
  const [none, ...reasons] = buttons;
  list.replaceChildren(
    ...[...reasons, none].map((item) => {
      const row = document.createElement("li");
      const key = document.createElement("kbd");
      key.textContent = /^(r|[1-9])$/.test(item.dataset.number) ? item.dataset.number : "";
      row.append(key, item);
      return row;
    }),
  );
  dialog.onkeydown = (event) => {
    const chosen = /^(r|[1-9])$/.test(event.key) && list.querySelector(`[data-number="${event.key}"]`);
    if (!chosen || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    chosen.click();
  };
  dialog.showModal();
}
