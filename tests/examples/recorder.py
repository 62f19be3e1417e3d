"""Records one request and response for each operation, with all that varies replaced."""

import json
import re
from collections.abc import Callable
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from tests.conftest import Api

JSON = "application/json"
METHODS = ("get", "post", "put", "patch", "delete")
# Members that hold secrets, or that are random: what stands in their place.
PLACEHOLDERS: dict[str, str] = {
    "form_token": "WyJnYXpldHRlIiwidzVlaWJHdHlDN1lDIl0:1xWMKo:UEMp9x8pyHw4xnmPT-my0Pnrz4Yz",
    "decoy_field": "side_remark",
    "edit_token": "01a2150578797000800000000000001.1795892857:5DRE9NnK9c5aBxBIY3u_QujcsYOhtDXOBhT",
    "reader_token": "eyJzdWIiOiI3IiwibmFtZSI6IkFubiJ9:1xWMKo:HyaZYycUMZi4kkn-Zafhb2WMcF1AXxu2l",
    "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl",
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "status_url": "https://comments.gazette.example/status/AaIVBXokdjCfYmaNNERFZg:1xWMKo:UEMp9x8",
}


class Recorder:
    """The examples by operation id; the first request of an operation is the one that counts."""

    def __init__(self, *, replace: dict[str, str]) -> None:
        self.examples: dict[str, dict[str, Any]] = {}
        self._replace, self._avatars = replace, dict[str, str]()
        self._numbers = dict[int, int]()
        self._operations = list(operations())

    def of(self, api: Api) -> "RecordedApi":
        """Return an API whose requests are recorded."""
        return RecordedApi(api, self)

    def record(self, method: str, path: str, request: Any, response: Any) -> None:
        """Record a successful request."""
        assert response.status_code < 300, (method, path, response.status_code, response.content)
        name = self._operation(method, path)
        if name in self.examples:
            return
        example = {}
        if isinstance(request, dict) and method != "get":
            example["request"] = self.stable(json.loads(json.dumps(request, default=str)))
        # Files are streamed.
        content = response.getvalue()
        if content and response.headers["Content-Type"] == JSON:
            example["response"] = self.stable(json.loads(content))
        self.examples[name] = example

    def _operation(self, method: str, path: str) -> str:
        path = path.partition("?")[0]
        return next(
            name for known, shape, name in self._operations if known == method and shape(path)
        )

    def stable(self, value: Any, key: str = "") -> Any:
        """Return a value with secrets, durations and addresses of this machine replaced."""
        if isinstance(value, dict):
            return {self.stable(name): self.stable(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.stable(each) for each in value]
        if isinstance(value, float):
            return 0.21 if key == "seconds" else round(value, 4)
        if isinstance(value, int) and key == "id":
            # PostgreSQL counts on where the tests before this one had ended.
            return self._numbers.setdefault(value, len(self._numbers) + 1)
        return self._stable_text(value, key) if isinstance(value, str) else value

    def _stable_text(self, text: str, key: str) -> str:
        if text and key in PLACEHOLDERS:
            return PLACEHOLDERS[key]
        if text and key == "avatar":
            return self._avatars.setdefault(text, f"92b0c052e5{len(self._avatars):02x}")
        for found, instead in self._replace.items():
            text = text.replace(found, instead)
        return text


class RecordedApi:
    """An Api whose successful requests are recorded."""

    def __init__(self, api: Api, recorder: Recorder) -> None:
        self._api, self._recorder = api, recorder

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(path: str, data: Any = None, **options: Any) -> Any:
            response = getattr(self._api, method)(path, data, **options)
            self._recorder.record(method, self._api.base + path, data, response)
            return response

        return call


def operations() -> list[tuple[str, Callable[[str], Any], str]]:
    """Return method, matcher of the path, and id of each operation; literal paths come first."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return [
        (method, re.compile(re.sub(r"\{\w+\}", "[^/]+", path)).fullmatch, operation["operationId"])
        for path, methods in sorted(paths.items(), key=lambda item: item[0].count("{"))
        for method, operation in methods.items()
    ]
