/** What only the page's owner can mend is told in the console, once each, and not to the reader. */

const told = new Set();

export function tellOwner(message) {
  if (told.has(message)) return;
  told.add(message);
  console.warn(`leave-a-reply: ${message}`);
}
