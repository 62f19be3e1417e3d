// npm `akismet-api`, which Coral uses: the key in front of the host name.
import akismetApi from "akismet-api";
import { ADDRESS, AGENT, BLOG, GOOD, KEY, PORT, SPAM, TESTER, WRONG_KEY, tell } from "./script.mjs";

const client = (key) =>
  new akismetApi.AkismetClient({ key, blog: BLOG, host: `akismet.test:${PORT}`, protocol: "http" });
const comment = (content, more = {}) => ({ ip: ADDRESS, useragent: AGENT, content, ...more });
const ours = client(KEY);
tell({
  key: await ours.verifyKey(),
  "wrong key": await client(WRONG_KEY).verifyKey(),
  good: await ours.checkSpam(comment(GOOD)),
  spam: await ours.checkSpam(comment(SPAM)),
  tester: await ours.checkSpam(comment(GOOD, { name: TESTER })),
  decoy: await ours.checkSpam(comment(GOOD, { honeypot: "filled in" })),
  refusal: await client(WRONG_KEY).checkSpam(comment(GOOD)).catch((error) => error.message),
  "submit spam": (await ours.submitSpam(comment(GOOD))).text,
  "submit ham": (await ours.submitHam(comment(SPAM))).text,
});
