// What scripts say, in the language of the page, which came with it (`{% script_texts %}`).
const texts = JSON.parse(document.getElementById("desk-texts")?.textContent ?? "{}");

// Returns a text in the page's language; `values` fill in its %(name)s.
export function text(words, values = {}) {
  return (texts[words] ?? words).replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}
