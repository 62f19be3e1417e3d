// npm `@cedx/akismet`: `api_key` in the body, arrays, and no patience with headers about trouble.
import { Author, Blog, CheckResult, Client, Comment } from "@cedx/akismet";
import { ADDRESS, AGENT, BLOG, GOOD, KEY, PORT, SPAM, TESTER, WRONG_KEY, tell } from "./script.mjs";

const client = (key) =>
  new Client(key, new Blog({ url: BLOG, charset: "UTF-8", languages: ["en", "fr"] }), {
    baseUrl: `http://127.0.0.1:${PORT}`,
  });
const comment = (content, name = "Ann") =>
  new Comment({
    author: new Author({ ipAddress: ADDRESS, userAgent: AGENT, name }),
    content,
    context: ["gardens", "roofs"],
    date: new Date(),
  });
const ours = client(KEY);
const check = async (asked) => {
  const told = await ours.checkComment(asked);
  return { [CheckResult.ham]: "ham", [CheckResult.spam]: "spam", [CheckResult.pervasiveSpam]: "discard" }[told];
};
tell({
  key: await ours.verifyKey(),
  "wrong key": await client(WRONG_KEY).verifyKey(),
  good: await check(comment(GOOD)),
  spam: await check(comment(SPAM)),
  tester: await check(comment(GOOD, TESTER)),
  refusal: await client(WRONG_KEY).checkComment(comment(GOOD)).catch((error) => error.message),
  "submit spam": (await ours.submitSpam(comment(GOOD))) ?? null,
  "submit ham": (await ours.submitHam(comment(SPAM))) ?? null,
});
