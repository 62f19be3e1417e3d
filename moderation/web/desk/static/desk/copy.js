// Buttons that copy what stands beside them: `data-copy` is the id of an element or field.
const status = document.createElement("p");
status.className = "unseen";
status.setAttribute("role", "status");

function textOf(source) {
  if (source.value !== undefined) return source.value;
  // Of a list each entry is a line.
  const entries = [...source.querySelectorAll("li")];
  return entries.length ? entries.map((entry) => entry.textContent.trim()).join("\n") : source.textContent;
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(textOf(source));
  } catch {
    // Without HTTPS there is no clipboard: it is marked, to be copied by hand.
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    if (!document.execCommand("copy")) return "It is marked: copy it with the keyboard.";
  }
  return "Copied.";
}

const buttons = document.querySelectorAll("button[data-copy]");
if (buttons.length) (document.querySelector("main") ?? document.body).append(status);
for (const button of buttons) {
  button.hidden = false;
  const label = button.firstChild;
  const words = label.textContent;
  button.addEventListener("click", async () => {
    const said = await copy(button);
    status.textContent = said;
    label.textContent = said === "Copied." ? "Copied ✓" : "Marked";
    setTimeout(() => (label.textContent = words), 2000);
  });
}
