/** Keys that forms share: Escape leaves one, with Ctrl or Cmd and Enter it is sent. */

export function onKey(event) {
  const form = event.target.closest("form");
  // While a word is composed, as in Japanese, both keys belong to the input method.
  if (!form || event.isComposing) return;
  const cancel = [...form.querySelectorAll("[data-cancel]")].at(-1);
  if (event.key === "Escape" && cancel) cancel.click();
  else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
