/** Where a comment stands: "waiting", "confirm", "held", "published", "not_published" or "deleted". */
const STATES = { pending: "waiting", held: "held", spam: "waiting", approved: "published", rejected: "not_published", deleted: "deleted" };

export const stateOf = (comment) => comment.state || STATES[comment.status];
