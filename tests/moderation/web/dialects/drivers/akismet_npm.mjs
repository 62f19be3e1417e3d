// npm `akismet`, which Waline uses: `content-type: charset=utf-8`, the key in the body or the host.
import { promisify } from "node:util";
import akismet from "akismet";
import { ADDRESS, AGENT, BLOG, GOOD, KEY, PORT, SPAM, TESTER, WRONG_KEY, tell } from "./script.mjs";

const client = (apiKey) => akismet.client({ apiKey, blog: BLOG, host: "akismet.test", port: PORT });
const comment = (text, more = {}) => ({
  user_ip: ADDRESS,
  user_agent: AGENT,
  comment_content: text,
  ...more,
});
const ours = client(KEY);
const call = (name, ...values) => promisify(ours[name].bind(ours))(...values);
const stranger = client(WRONG_KEY);
tell({
  key: await call("verifyKey"),
  "wrong key": await promisify(stranger.verifyKey.bind(stranger))(),
  good: await call("checkComment", comment(GOOD)),
  spam: await call("checkComment", comment(SPAM)),
  tester: await call("checkComment", comment(GOOD, { comment_author: TESTER })),
  "submit spam": (await call("submitSpam", comment(GOOD))) ?? null,
  "submit ham": (await call("submitHam", comment(SPAM))) ?? null,
});
