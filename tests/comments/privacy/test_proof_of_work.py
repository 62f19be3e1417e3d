"""Proofs of work: what ALTCHA's own library makes is read, and what nobody worked for is not."""

import json
from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from comments.models import Site
from comments.privacy import proof_of_work
from comments.privacy.proof_of_work import LIFETIME, ProofInvalid, issue, read
from tests.factories import NOW, SiteFactory
from tests.proofs import sent, solved

pytestmark = pytest.mark.django_db
# Made and solved by the Python package altcha 2.3.0.
FOREIGN_KEY = b"a secret of both sides"
FOREIGN = {
    "challenge": {
        "parameters": {
            "algorithm": "SHA-256",
            "cost": 1,
            "keyLength": 32,
            "keyPrefix": "4b254ce0cdb0d31bac364af01e52d826",
            "nonce": "11f54e4f38ee9415d10ec0d8c246cab4",
            "salt": "a1431d3a1a6b19c670d7383b80db2788",
            "expiresAt": 1795900000,
        },
        "signature": "cb840581485ec1a382c5c2fa7cf6d904fc01a4302205a678e6aef5ef2fabac44",
    },
    "solution": {
        "counter": 4711,
        "derivedKey": "4b254ce0cdb0d31bac364af01e52d826bc7d4ef93d03a127b2494d4b6dd19fa4",
        "time": 9.58,
    },
}


@pytest.fixture(autouse=True)
def little_work(settings: LazySettings) -> None:
    settings.FLOOD_WORK = 2000


def test_a_solved_challenge_is_read_until_it_expires(site: Site) -> None:
    challenge = issue(site, now=NOW)
    proof = read(solved(challenge), site, now=NOW + LIFETIME - timedelta(seconds=1))
    assert proof.nonce == challenge["parameters"]["nonce"]
    with pytest.raises(ProofInvalid):
        read(solved(challenge), site, now=NOW + LIFETIME)


def test_signature_and_solution_of_altchas_own_library_are_read(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof_of_work, "_key", lambda site, secret: FOREIGN_KEY)
    payload = b64encode(json.dumps(FOREIGN).encode()).decode()
    assert read(payload, site, now=NOW).nonce == "11f54e4f38ee9415d10ec0d8c246cab4"
    assert payload == sent(FOREIGN["challenge"], FOREIGN["solution"])
    assert solved(FOREIGN["challenge"], time=9.58) == payload


def test_a_challenge_counts_at_its_own_site_alone(site: Site) -> None:
    with pytest.raises(ProofInvalid):
        read(solved(issue(SiteFactory(), now=NOW)), site, now=NOW)


def test_a_former_key_still_verifies(site: Site, settings: LazySettings) -> None:
    payload = solved(issue(site, now=NOW))
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another key"
    with pytest.raises(ProofInvalid):
        read(payload, site, now=NOW)
    settings.SECRET_KEY_FALLBACKS = [former]
    read(payload, site, now=NOW)


def test_nobody_counts_less_than_half_of_the_work_nor_more_than_all(site: Site) -> None:
    for _ in range(20):
        solution = json.loads(b64decode(solved(issue(site, now=NOW))))["solution"]
        assert 1000 < solution["counter"] <= 2000


@pytest.mark.parametrize(
    "changes",
    [
        {"expiresAt": 4_000_000_000},
        {"keyPrefix": ""},
        {"salt": "00" * 16},
        {"cost": 0},
        {"more": 1},
        {"nonce": "zz"},
    ],
)
def test_a_challenge_that_was_changed_is_none(site: Site, changes: dict[str, Any]) -> None:
    challenge = issue(site, now=NOW)
    answer = json.loads(b64decode(solved(challenge)))
    answer["challenge"]["parameters"].update(changes)
    with pytest.raises(ProofInvalid):
        read(sent(**answer), site, now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"counter": 1},
        {"counter": -1},
        {"counter": 2**32},
        {"counter": True},
        {"counter": "1500"},
        {"counter": None},
        {"derivedKey": ""},
        {"derivedKey": None},
    ],
)
def test_a_wrong_solution_is_none(site: Site, changes: dict[str, Any]) -> None:
    with pytest.raises(ProofInvalid):
        read(solved(issue(site, now=NOW), **changes), site, now=NOW)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "-",
        "é",
        "bnVsbA==",
        b64encode(b"\xff").decode(),
        b64encode(b"[]").decode(),
        b64encode(b'{"challenge": {"parameters": []}, "solution": {}}').decode(),
        b64encode(b'{"challenge": {"parameters": {}}, "solution": {}}').decode(),
        b64encode(b'{"challenge": {"parameters": {}, "signature": 1}, "solution": {}}').decode(),
        b64encode(b"[" * 1400).decode(),
        "A" * 100_000,
    ],
)
def test_what_is_no_proof_at_all_is_refused_alike(site: Site, payload: str) -> None:
    with pytest.raises(ProofInvalid):
        read(payload, site, now=NOW)
