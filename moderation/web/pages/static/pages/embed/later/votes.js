/** Vote: one vote for each reader, up or down, which a second click removes. */
import { storage } from "./kit.js";

/** Send a vote (1, -1, or 0 for none) and note the result on the comment. Throws ApiError. */
export async function vote({ comment, thread }, value) {
  const { api, reader } = thread;
  const result = await api.post(`comments/${comment.id}/vote`, { value, reader_token: reader?.reader_token });
  storage.add(`votes ${api.site}`, comment.id, result.yours);
  comment.votes = result.votes;
}
