"""PyPI `perspectiveapi`: no setting for the address, so its own HTTP client is replaced."""

import asyncio
from typing import Any

import httpx
import script
from perspective import Attribute, Perspective

WANTED = [Attribute.TOXICITY, Attribute.INSULT, Attribute.THREAT, Attribute.SEVERE_TOXICITY]


class Elsewhere(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=script.PORT)
        request.headers["Host"] = f"127.0.0.1:{script.PORT}"
        return await super().handle_async_request(request)


async def main() -> dict[str, Any]:
    ours = Perspective(script.KEY)
    ours._Perspective__client = httpx.AsyncClient(transport=Elsewhere())
    seen = {}
    for name, text in (("good", script.GOOD), ("insult", script.INSULT)):
        score = await ours.score(text, WANTED)
        seen[name] = {
            attribute.name: getattr(score, attribute.name.lower()) for attribute in WANTED
        }
    return seen


script.tell(asyncio.run(main()))
