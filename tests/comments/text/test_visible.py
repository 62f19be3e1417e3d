"""What can be seen is what counts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text import visible

# Default_Ignorable_Code_Point, from Unicode's DerivedCoreProperties.txt (16.0).
IGNORABLE = [
    *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xFFF0, 0xFFF9),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE1000),
]
BLANK_LOOKING = [0x2800, 0x00A0, 0x2003, 0x3000, 0x2028, 0xFFF9, 0x1D159, 0x0301, 0x20E3, 0xE000]
invisible = st.sampled_from([*map(chr, IGNORABLE), *map(chr, BLANK_LOOKING)])
SCRIPTS = [
    "Nguyễn Thị Mỹ Hạnh",
    "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
    "كُتِبَ عَلَيْكُمُ",
    "ཧྐྵྨླྺྼྻྂ",
    "འཁྲུངས་བསྒྲུབས",
    "น้ำ กี่ ปี้",
    "ᾍδης",
    "हिन्दी र्क्ष्म्य",
    "မြွှေ့",
    "می‌خواهم",
    "👨‍👩‍👧 ❤️ 1️⃣ 🏳️‍🌈",
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
]


def test_no_default_ignorable_code_point_is_visible_by_itself() -> None:
    assert [hex(code) for code in IGNORABLE if visible.is_visible(chr(code))] == []


@given(st.text(invisible, max_size=20))
def test_a_text_of_what_cannot_be_seen_is_invisible(text: str) -> None:
    assert not visible.is_visible(text)
    assert not visible.shows_text(f"<p>{text}</p><pre><code>{text}</code></pre>")
    assert not visible.is_visible(visible.one_line(text))


@given(st.text(invisible, max_size=10), st.sampled_from("aß名ع\U0001f600"), st.text(invisible))
def test_one_letter_is_enough_to_be_seen(before: str, letter: str, after: str) -> None:
    assert visible.is_visible(before + letter + after)
    assert letter in visible.one_line(before + letter + after)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", SCRIPTS)
def test_people_can_write_in_their_script(text: str, form: str) -> None:
    written = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    assert visible.one_line(written) == written
    assert visible.contained(written) == written


@given(st.text(max_size=40))
def test_a_line_has_no_controls_and_is_not_changed_twice(text: str) -> None:
    line = visible.one_line(text)
    assert not {unicodedata.category(c) for c in line} & {"Cc", "Zl", "Zp", "Cs", "Co"}
    assert not set(line) & set(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
    assert visible.one_line(line) == line


@given(
    st.sampled_from("e\u05d0\u0e01"), st.text("\u0301\u0300\u0323\u0e47\u0489\u034f\u200d\u05bc")
)
def test_no_letter_carries_a_tower(letter: str, marks: str) -> None:
    shown = visible.contained(letter + marks)
    assert all(shown.count(mark) <= visible.MOST_ALIKE for mark in set(marks) - {"\u200d"})


@pytest.mark.parametrize("html", ["", "<p>&nbsp;</p>", "<ul><li></li></ul>", "<p>&#8203;</p>"])
def test_html_without_text_shows_nothing(html: str) -> None:
    assert not visible.shows_text(html)
    assert visible.shows_text(f"{html}<p>&amp;</p>")
