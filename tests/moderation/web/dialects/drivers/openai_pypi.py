"""PyPI `openai`: the address comes from the environment, `OPENAI_BASE_URL`."""

import os

import openai
import script

os.environ["OPENAI_BASE_URL"] = f"http://127.0.0.1:{script.PORT}/v1"
ours = openai.OpenAI(api_key=script.KEY)
good, insult = ours.moderations.create(input=[script.GOOD, script.INSULT]).results
parts = [{"type": "text", "text": script.GOOD}, {"type": "text", "text": script.INSULT}]
together = ours.moderations.create(input=parts, model="omni-moderation-latest")
try:
    openai.OpenAI(api_key=script.WRONG_KEY).moderations.create(input=script.GOOD)
    refusal = ""
except openai.AuthenticationError as error:
    refusal = str(error.code)
seen = {
    "good": good.flagged,
    "insult": insult.flagged,
    "harassment": insult.category_scores.harassment,
    "self-harm": insult.category_scores.self_harm,
    "applied": insult.category_applied_input_types.harassment,
    "together": [result.flagged for result in together.results],
    "model": together.model,
    "wrong key": refusal,
}
script.tell(seen)
