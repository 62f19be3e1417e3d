/** The second bundle: what readers need only when they do something. See `../later.js`. */
import { edit, remove, report } from "./dialogs.js";
import { completeForm } from "./form.js";
import { menu } from "./menu.js";
import * as kit from "./kit.js";
import { followerOf } from "./follow.js";
import { paging } from "./paging.js";
import { poll } from "./polling.js";
import { vote } from "./votes.js";

/** Take over what the first bundle shares, and bring the styles along (of thread.css; the build defines them). */
function use(shared) {
  kit.use(shared);
  shared.addStyles(MORE_STYLES);
}

const dialogs = { edit, menu, remove, report };

export { completeForm, dialogs, followerOf, paging, poll, use, vote };
