"""PyPI `google-api-python-client`: everything follows the discovery address."""

from typing import Any

import script
from googleapiclient import discovery
from googleapiclient.errors import HttpError


def analyzer(key: str) -> Any:
    return discovery.build(
        "commentanalyzer",
        "v1alpha1",
        developerKey=key,
        discoveryServiceUrl=f"http://127.0.0.1:{script.PORT}/$discovery/rest?version=v1alpha1",
        static_discovery=False,
    )


def analyze(text: str, *, key: str = script.KEY, **changes: Any) -> Any:
    body = {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}, **changes}
    try:
        return analyzer(key).comments().analyze(body=body).execute()
    except HttpError as error:
        return {"status": error.resp.status, "details": error.error_details}


def suggest(text: str, value: float) -> Any:
    scores = {"TOXICITY": {"summaryScore": {"value": value}}}
    body = {"comment": {"text": text}, "attributeScores": scores, "clientToken": "7"}
    return analyzer(script.KEY).comments().suggestscore(body=body).execute()


def in_batch(*texts: str) -> dict[str, Any]:
    """Return the toxicity of each text, or the error, by its place in a batch."""
    service = analyzer(script.KEY)
    seen: dict[str, Any] = {}

    def note(number: str, response: Any, error: Any) -> None:
        seen[number] = {"status": error.resp.status} if error else response

    batch = service.new_batch_http_request(callback=note)
    for text in texts:
        body = {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}}
        batch.add(service.comments().analyze(body=body))
    batch.execute()
    return seen


seen = {
    "batch": in_batch(script.GOOD, script.INSULT, ""),
    "good": analyze(script.GOOD, languages=["en"], doNotStore=True),
    "insult": analyze(script.INSULT, spanAnnotations=True),
    "unknown attribute": analyze(script.GOOD, requestedAttributes={"FLIRTATION": {}}),
    "language": analyze(script.GOOD, languages=["xx"]),
    "wrong key": analyze(script.GOOD, key=script.WRONG_KEY),
    "suggested": suggest(script.INSULT, 0.0),
}
script.tell(seen)
