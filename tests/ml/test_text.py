"""Normalising: disguises come off, ordinary text stays."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.text import LONGEST, chunks, normalise, spans

WILD = st.text(st.characters(exclude_categories=[]), max_size=80)


@pytest.mark.parametrize(
    "disguised",
    [
        "stupid",
        "STUPID",
        "stu\u200bpid",
        "s\u00adt\u2060upid",
        "ѕtuрid",
        "ｓｔｕｐｉｄ",
        "𝐬𝐭𝐮𝐩𝐢𝐝",
        "𝓼𝓽𝓾𝓹𝓲𝓭",
        "🅂🅃🅄🄿🄸🄳",
        "st\u0336u\u0336p\u0336i\u0336d\u0336",
        "s t u p i d",
        "s.t.u.p.i.d",
        "s-t-u-p-i-d",
        "s_t_u_p_i_d",
        "stup1d",
        "5tupid",
        "$tupid",
        "stuuuupid",
        "S.T.U.P.1D".replace(".1", "1").replace("S.T.U.P", "STUP"),
    ],
)
def test_it_takes_a_disguise_off(disguised: str) -> None:
    assert normalise(disguised) == "stupid"


@pytest.mark.parametrize(
    "ordinary",
    [
        "el año que viene, señor",
        "schöne grüße aus köln",
        "ça va être très bien",
        "привет, как дела?",
        "καλημέρα σας",
        "これはペンです",
        "شكرا جزيلا",
        "python3.11 and utf-8 on x86",
        "mp3, b2b, k8s and i18n",
        "it costs $5 or 30%",
        "at 10:30, room 404",
    ],
)
def test_it_leaves_ordinary_text_alone(ordinary: str) -> None:
    assert normalise(ordinary) == ordinary.casefold()


@given(WILD)
@settings(max_examples=400, deadline=None)
def test_it_never_fails_and_a_second_time_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(WILD)
@settings(max_examples=200, deadline=None)
def test_spans_are_where_the_chunks_are(text: str) -> None:
    assert [text[start:end] for start, end in spans(text)] == chunks(text)


@pytest.mark.parametrize("piece", ["a", "a ", "a.", "1", "é\u0301", "\u200b", "a1", "-", "x\n"])
def test_a_megabyte_takes_no_longer_than_what_it_reads(piece: str) -> None:
    started_at = time.perf_counter()
    assert len(normalise(piece * (1_000_000 // len(piece)))) <= LONGEST
    assert time.perf_counter() - started_at < 2
