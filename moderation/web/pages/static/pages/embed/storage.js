/** localStorage: drafts, edit tokens of own comments, votes, and the author's name on request. */

export const storage = {
  read(key, fallback) {
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
    } catch {
      // Storage may be disabled, as in some private windows; then nothing is stored.
    }
  },
  /** Store a value by its id, among the newest 50 of the key. */
  add(key, id, value) {
    const newest = Object.entries({ ...storage.read(key, {}), [id]: value }).slice(-50);
    storage.write(key, Object.fromEntries(newest));
  },
};
