"""Normalising: obfuscation is undone, ordinary text stays."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.text import MAX_CHARACTERS, chunk_spans, chunks, normalise

WILD = st.text(st.characters(exclude_categories=[]), max_size=80)


@pytest.mark.parametrize(
    "obfuscated",
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
def test_obfuscation_is_undone(obfuscated: str) -> None:
    assert normalise(obfuscated) == "stupid"


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
def test_ordinary_text_is_only_lowered(ordinary: str) -> None:
    assert normalise(ordinary) == ordinary.casefold()


@given(WILD)
@settings(max_examples=400)
def test_normalising_never_raises_and_is_idempotent(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(WILD)
@settings(max_examples=200)
def test_spans_are_the_positions_of_the_chunks(text: str) -> None:
    assert [text[start:end] for start, end in chunk_spans(text)] == chunks(text)


@pytest.mark.parametrize("piece", ["a", "a ", "a.", "1", "é\u0301", "\u200b", "a1", "-", "x\n"])
def test_of_a_long_text_only_the_first_characters_are_read(piece: str) -> None:
    assert len(normalise(piece * (1_000_000 // len(piece)))) <= MAX_CHARACTERS


@given(
    st.text(st.characters(exclude_categories=[]), min_size=1, max_size=3), st.sampled_from("._ ")
)
@settings(max_examples=25)
def test_time_is_linear_in_the_length(piece: str, between: str) -> None:
    def seconds(length: int) -> float:
        text = (piece + between) * (length // (len(piece) + 1))
        started_at = time.process_time()
        normalise(text)
        return time.process_time() - started_at

    # Quadratic time would give 64 times as much; below a hundredth of a second noise rules.
    assert seconds(16_000) < 0.01 + 24 * max(seconds(2_000) for _ in range(3))
