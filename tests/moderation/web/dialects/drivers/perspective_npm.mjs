// npm `perspective-api-client`: no setting for the address, so axios is told to go elsewhere.
import { createRequire } from "node:module";
import { GOOD, INSULT, KEY, PORT, WRONG_KEY, tell } from "./script.mjs";

const require = createRequire(import.meta.url);
const theirs = require.resolve("perspective-api-client");
const axios = createRequire(theirs)("axios");
axios.interceptors.request.use((config) => ({
  ...config,
  url: config.url.replace("https://commentanalyzer.googleapis.com", `http://127.0.0.1:${PORT}`),
}));
const Perspective = require("perspective-api-client");
const ours = new Perspective({ apiKey: KEY });
const refusal = (promise) => promise.catch((error) => error.message);
const attributes = ["toxicity", "insult"];
tell({
  good: await ours.analyze(GOOD, { attributes }),
  insult: await ours.analyze(`<p>${INSULT}</p>`, { attributes }),
  "unknown attribute": await refusal(ours.analyze(GOOD, { attributes: ["flirtation"] })),
  "wrong key": await refusal(new Perspective({ apiKey: WRONG_KEY }).analyze(GOOD)),
});
