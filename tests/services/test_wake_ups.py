"""With Redis, comments that come one after another share a message, and none is forgotten."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings

from comments.models import Status
from moderation.models import Decision
from moderation.screening import screen, tasks
from tests.factories import WaitingCommentFactory
from tests.services.processes import Process, free_port, redis

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(tmp_path: Path, settings: LazySettings) -> Iterator[Process]:
    port = free_port()
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"
    server = redis(tmp_path, port)
    yield server
    server.stop()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    messages: list[str] = []
    monkeypatch.setattr(tasks.screen_comment, "delay", messages.append)
    return messages


@pytest.fixture
def wait(django_capture_on_commit_callbacks) -> Callable[[], UUID]:
    """Let a comment wait for its screening, as intake does."""

    def wait() -> UUID:
        with django_capture_on_commit_callbacks(execute=True):
            comment = WaitingCommentFactory()
            tasks.enqueue_screening(comment.pk)
        return comment.pk

    return wait


def test_comments_that_wait_together_have_one_message(
    server: Process, sent: list[str], wait: Callable[[], UUID]
) -> None:
    first, *_others = [wait() for _ in range(3)]
    assert sent == [str(first)]
    tasks.screen_comment(sent[0])
    assert Decision.objects.count() == 3


def test_what_comes_after_a_worker_has_looked_has_a_message_again(
    server: Process, sent: list[str], wait: Callable[[], UUID]
) -> None:
    wait()
    tasks.screen_comment(sent[0])
    later = wait()
    assert sent[1:] == [str(later)]


def test_what_is_beyond_a_batch_has_a_further_message(
    server: Process, sent: list[str], wait: Callable[[], UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen.screen, "__kwdefaults__", {"limit": 2})
    for _ in range(3):
        wait()
    tasks.screen_comment(sent[0])
    assert len(sent) == 2
    tasks.screen_comment(sent[1])
    assert Decision.objects.count() == 3
    assert len(sent) == 2


def test_without_redis_each_has_its_own(
    server: Process, sent: list[str], wait: Callable[[], UUID]
) -> None:
    server.stop()
    assert sent == [str(pk) for pk in (wait(), wait())]


def test_a_message_that_could_not_be_sent_keeps_no_other_back(
    server: Process, sent: list[str], wait: Callable[[], UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(tasks.screen_comment, "delay", lambda _: 1 / 0)
        assert WaitingCommentFactory._meta.model.objects.get(pk=wait()).status == Status.PENDING
    second = wait()
    assert sent == [str(second)]
