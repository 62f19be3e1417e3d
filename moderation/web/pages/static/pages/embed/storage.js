/**
 * localStorage: drafts, edit tokens of own comments, votes, and the author's name on request.
 *
 * Storage may be blocked or full; what can't be stored is kept in memory while the page is open.
 */

const memory = new Map();

export const storage = {
  read(key, fallback) {
    if (memory.has(key)) return memory.get(key) ?? fallback;
    try {
      return JSON.parse(localStorage.getItem(`leave-a-reply ${key}`)) ?? fallback;
    } catch {
      return fallback;
    }
  },
  /** Store a value, or remove the key when it is empty. */
  write(key, value) {
    try {
      if (value) localStorage.setItem(`leave-a-reply ${key}`, JSON.stringify(value));
      else localStorage.removeItem(`leave-a-reply ${key}`);
      memory.delete(key);
    } catch {
      memory.set(key, value || null);
    }
  },
  /** Store a value by its id, among the newest 50 of the key. */
  add(key, id, value) {
    const { [id]: _, ...others } = storage.read(key, {});
    storage.write(key, Object.fromEntries(Object.entries({ ...others, [id]: value }).slice(-50)));
  },
};
