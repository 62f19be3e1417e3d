"""Readers and a moderator who go on, whatever happens: each tries again until it is answered."""

import random
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from tests.chaos.installation import SITE, Installation

READERS = 8
# So many comments are there, and decided, before anything fails: readers have something to read.
FIRST = 20
ARTICLES = 20
TEXTS = (
    "The old roof held through rain and storm, and we were glad of it.",
    "Does anybody know whether the ferry runs on Sunday?",
    "What a bunch of worthless idiots, you are all stupid liars and pathetic morons.",
    "CHEAP VIAGRA and CIALIS online no prescription!!! Buy now at http://pills.example/buy",
)
# The shares of comments that are edited, voted for, reported, and whose writer wants mail.
EDITED, VOTED, REPORTED, MAILED = 0.2, 0.3, 0.1, 0.2


@dataclass
class Promises:
    """What was answered with success, and so must be there at the end."""

    # The text that a comment must have, by id.
    comments: dict[str, str] = field(default_factory=dict)
    # The other text that it may have: of an edit whose first try was cut off after it was stored,
    # and whose next was refused, since the comment was decided to be spam meanwhile.
    unanswered: dict[str, str] = field(default_factory=dict)
    edits: int = 0
    # How many, by the comment.
    votes: Counter[str] = field(default_factory=Counter)
    reports: Counter[str] = field(default_factory=Counter)
    decisions: set[str] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)
    failed_tries: Counter[str] = field(default_factory=Counter)


class Driver:
    """Posts `number` comments, no sooner than `pace` a second, and acts beside it.

    FIRST further ones are posted before.
    """

    def __init__(self, installation: Installation, *, number: int, pace: float) -> None:
        self.installation, self.number, self.pace = installation, number, pace
        self.promises, self.lock = Promises(), threading.Lock()
        self.done = threading.Event()
        self.begun = time.monotonic()

    def post_first(self) -> None:
        """Post what is there before anything fails."""
        with ThreadPoolExecutor(READERS) as pool:
            for done in [pool.submit(self._write, n) for n in range(FIRST)]:
                done.result()

    def run(self, token: str) -> None:
        """Post all, and return when all are answered."""
        self.begun = time.monotonic()
        moderator = threading.Thread(target=self._moderate, args=(token,), daemon=True)
        moderator.start()
        with ThreadPoolExecutor(READERS) as pool:
            later = range(FIRST, FIRST + self.number)
            for done in [pool.submit(self._act, n) for n in later]:
                done.result()
        self.done.set()
        moderator.join()

    def _act(self, n: int) -> None:
        """Post a comment, and edit it, or vote for another one, or report one, at random."""
        pick = random.Random(n)
        time.sleep(max(0.0, self.begun + (n - FIRST) / self.pace - time.monotonic()))
        posted, body, reader = self._write(n)
        if pick.random() < EDITED:
            self._edit(f"sites/{SITE}/comments/{posted['id']}", posted, body, reader)
        if pick.random() < VOTED:
            self._respond(n, "vote", {"value": 1}, self.promises.votes)
        if pick.random() < REPORTED:
            self._respond(n, "report", {"reason": "SPAM"}, self.promises.reports)

    def _write(self, n: int) -> tuple[dict[str, Any], str, dict[str, str]]:
        """Post a comment; return the answer, the text, and the headers of its reader."""
        pick = random.Random(n)
        reader = {"X-Forwarded-For": f"198.{18 + n // 62500}.{n // 250 % 250}.{n % 250}"}
        _, form = self._call(f"sites/{SITE}/form", **reader)
        body = f"{TEXTS[n % len(TEXTS)]} Number {n}."
        comment = {
            "thread": {"key": f"article-{n % ARTICLES}"},
            "author_name": f"Reader {n}",
            "author_email": f"reader{n}@mail.example",
            "body": body,
            "form_token": form["form_token"],
            "notify": "replies" if pick.random() < MAILED else "",
        }
        key = {"Idempotency-Key": uuid.uuid4().hex}
        begun = time.monotonic()
        status, posted = self._call(f"sites/{SITE}/comments", comment, **reader, **key)
        assert status == 201, posted
        with self.lock:
            self.promises.comments[posted["id"]] = body
            self.promises.seconds.append(time.monotonic() - begun)
        return posted, body, reader

    def _respond(self, n: int, act: str, data: dict[str, Any], kept: Counter[str]) -> None:
        """Vote for or report a comment that a reader sees on some page.

        Each is in a network of its own, since of one only a few count.
        """
        pick = random.Random(n)
        reader = {"X-Forwarded-For": f"203.{n % 250}.{n // 250 % 250}.7"}
        page = f"sites/{SITE}/comments?thread=article-{pick.randrange(ARTICLES)}"
        _, seen = self._call(page, **reader)
        if not (comments := seen["results"]):
            return
        chosen = pick.choice(comments)["id"]
        status, _ = self._call(f"sites/{SITE}/comments/{chosen}/{act}", data, **reader)
        # Refused, where it was held or refused meanwhile.
        if status in (200, 201):
            with self.lock:
                kept[chosen] += 1

    def _edit(self, path: str, posted: dict[str, Any], body: str, reader: dict[str, str]) -> None:
        changed = f"{body} Edited."
        token = {"X-Edit-Token": posted["edit_token"]}
        failures: list[str] = []
        status, _ = self._call(
            path, {"body": changed}, method="PATCH", failures=failures, **reader, **token
        )
        with self.lock:
            if status == 200:
                self.promises.comments[posted["id"]] = changed
                self.promises.edits += 1
            elif failures:  # Refused, where it was decided to be spam meanwhile.
                self.promises.unanswered[posted["id"]] = changed

    def _moderate(self, token: str) -> None:
        own = {"Authorization": f"Token {token}"}
        pick = random.Random(0)
        while not self.done.wait(0.3):
            _, claimed = self._call("review/queue/claim", {"limit": 3}, **own)
            for comment in claimed["results"]:
                ruling = {
                    "verdict": pick.choice(["APPROVE", "REJECT", "SPAM"]),
                    "revision": comment["revision"],
                }
                path = f"review/comments/{comment['id']}/decision"
                key = {"Idempotency-Key": uuid.uuid4().hex}
                status, decision = self._call(path, ruling, **own, **key)
                if status == 201:
                    self.promises.decisions.add(decision["id"])

    def _call(
        self,
        path: str,
        data: Any = None,
        method: str = "",
        failures: list[str] | None = None,
        **headers: str,
    ) -> Any:
        """Return the answer of any machine, after as many tries as it takes.

        What became of the tries that failed is added to `failures`.
        """
        failures = [] if failures is None else failures
        while True:
            machine = random.randrange(len(self.installation.ports))
            try:
                status, answer = self.installation.call(machine, path, data, method, **headers)
            except (OSError, HTTPException, ValueError) as error:
                failures.append(type(error).__name__)
            else:
                if status < 500 and status != 429:
                    return status, answer
                failures.append(str(status))
            with self.lock:
                self.promises.failed_tries[failures[-1]] += 1
            time.sleep(0.3)
