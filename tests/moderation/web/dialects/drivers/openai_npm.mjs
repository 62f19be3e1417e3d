// npm `openai`.
import OpenAI from "openai";
import { GOOD, INSULT, KEY, PORT, WRONG_KEY, tell } from "./script.mjs";

const client = (apiKey) => new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${PORT}/v1` });
const { model, results } = await client(KEY).moderations.create({ input: [GOOD, INSULT] });
tell({
  flagged: results.map((result) => result.flagged),
  harassment: results[1].category_scores.harassment,
  "self-harm": results[1].category_scores["self-harm"],
  model,
  "wrong key": await client(WRONG_KEY).moderations.create({ input: GOOD }).catch((error) => error.code),
});
