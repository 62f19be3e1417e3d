"""JSON is read within limits of depth, values and digits, and nothing unstorable comes through."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.http import json_reader
from comments.http.json_reader import InvalidJSON, LoneSurrogate, TooMuchJSON, parse

STORABLE = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | STORABLE,
    lambda inner: st.lists(inner) | st.dictionaries(STORABLE, inner),
    max_leaves=20,
)


@given(VALUES, st.booleans(), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_what_is_within_the_limits_is_read_as_python_reads_it(
    value: object, ascii_only: bool, encoding: str
) -> None:
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode(encoding)) == value


@given(st.binary(max_size=200) | st.text().map(lambda text: text.encode("utf-8", "replace")))
def test_nothing_else_is_raised_than_the_readers_own_errors(body: bytes) -> None:
    with contextlib.suppress(InvalidJSON):
        parse(body)


@pytest.mark.parametrize("bracket", ["[", '{"a":'])
def test_depth_has_a_limit(bracket: str) -> None:
    close = {"[": "]", "{": "}"}[bracket[0]]
    for depth in (json_reader.MAX_DEPTH - 1, json_reader.MAX_DEPTH + 1):
        body = (bracket * depth + "1" + close * depth).encode()
        if depth <= json_reader.MAX_DEPTH:
            parse(body)
        else:
            with pytest.raises(InvalidJSON, match="nested too deeply"):
                parse(body)


def test_brackets_and_commas_in_strings_count_for_nothing() -> None:
    text = '[{,"\\' * 60_000
    assert parse(json.dumps([text]).encode()) == [text]


def test_the_number_of_values_has_a_limit() -> None:
    with pytest.raises(TooMuchJSON, match="50000 values"):
        parse(b"[" + b"1," * json_reader.MAX_VALUES + b"1]")


@pytest.mark.parametrize(
    "number", ["9223372036854775808", "-9223372036854775808", "1" * 5000, "1e999", "0." + "1" * 200]
)
def test_numbers_have_a_limit(number: str) -> None:
    with pytest.raises(InvalidJSON, match="too large"):
        parse(f'{{"a": {number}}}'.encode())


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_json_has_no_such_numbers(constant: str) -> None:
    with pytest.raises(InvalidJSON, match="JSON has no"):
        parse(constant.encode())


def test_half_of_a_character_is_refused_where_it_stands() -> None:
    with pytest.raises(LoneSurrogate) as refused:
        parse(rb'{"items": [{"text": "fine \ud83d\ude00"}, {"text": "\ud83d"}]}')
    assert refused.value.path == ("items", "1", "text")


def test_a_key_with_half_of_a_character_is_refused() -> None:
    with pytest.raises(LoneSurrogate) as refused:
        parse(rb'{"labels": {"\udc00": true}}')
    assert refused.value.path == ("labels",)


def test_what_no_database_stores_is_replaced_for_clients_that_can_not_be_told() -> None:
    body = rb'{"a\ud800": ["\u0000b", "\ud83d\ude00"]}'
    assert parse(body, replace_unstorable=True) == {"a\ufffd": ["\ufffdb", "😀"]}
