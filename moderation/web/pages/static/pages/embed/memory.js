/** What this browser keeps, and nobody else: drafts, tokens of own comments, votes, a name if asked. */

export const memory = {
  read(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`leave-a-reply ${key}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  /** Keep a value; an empty one is forgotten. */
  write(key, value) {
    try {
      if (value) localStorage.setItem(`leave-a-reply ${key}`, JSON.stringify(value));
      else localStorage.removeItem(`leave-a-reply ${key}`);
    } catch {
      // Private windows may refuse; then nothing is kept.
    }
  },
  /** Keep a value by its id, beside the newest ones of its kind. */
  add(key, id, value) {
    const newest = Object.entries({ ...memory.read(key, {}), [id]: value }).slice(-50);
    memory.write(key, Object.fromEntries(newest));
  },
};
