"""Footnote signs and qualifiers: what is taken off a text, and what must stay."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect.value_text import split_qualifier, strip_signs

FEW = settings(max_examples=60, deadline=None)
SIGNS = {
    "*": "note", "^": "note", "~": "r", "1": "note", "2": "p",
    "a": "note", "b": "low", "c": "note", "r": "r",
}  # fmt: skip


def column(*words: str | None) -> pd.Series:
    """Return a column of text."""
    return pd.Series(list(words), dtype="str")


@pytest.mark.parametrize(
    ("word", "text", "mark"),
    [
        ("15/16*", "15/16", "note"),
        ("2018/19^", "2018/19", "note"),
        ("17~", "17", "r"),
        ("17 ~", "17", "r"),
        ("3 853*", "3 853", "note"),
        ("12r", "12", "r"),
        ("1\u00a0234 r", "1\u00a0234", "r"),
        ("2,869/b", "2,869", "low"),
        ("17¹", "17", "note"),
        ("рассмотрено1", "рассмотрено", "note"),
        ("Всего1,2", "Всего", "note;p"),
        ("Всего¹²", "Всего", "note;p"),
        ("Всего 1)", "Всего", "note"),
        ("Всего1)", "Всего", "note"),
        ("Район «А»1", "Район «А»", "note"),
        ("Alaska/c", "Alaska", "note"),
        ("Alaska / c", "Alaska", "note"),
        ("Home Office^", "Home Office", "note"),
        ("Total (b)", "Total", "low"),
        ("Total (a, b)", "Total", "low;note"),
        ("15/16*~", "15/16", "note;r"),
        ("15/16*, ~", "15/16", "note;r"),
        ("Всего* 2)", "Всего", "note;p"),
    ],
)
def test_a_declared_sign_is_taken_off_and_told(word: str, text: str, mark: str) -> None:
    texts, marks = strip_signs(column(word), SIGNS)
    assert (texts[0], marks[0]) == (text, mark)


@pytest.mark.parametrize(
    "word",
    [
        "121",
        "12 1",
        "1e1",
        "(1,234)",
        "146(2)",
        "146 (1)",
        "ст. 146 (1)",
        "Форма 2/1",
        "Колония 1",
        "121 1)",
        "Alaska",
        "Group a",
        "15/16**",
        "15†",
        "Total (d)",
        "*",
        "/a",
        "(1)",
        "1",
        "",
    ],
)
def test_what_is_no_declared_sign_stays(word: str) -> None:
    texts, marks = strip_signs(column(word), SIGNS)
    assert texts[0] == word
    assert pd.isna(marks[0])


def test_a_longer_sign_is_told_from_a_shorter_one() -> None:
    texts, marks = strip_signs(column("15**", "15*"), {"*": "note", "**": "p"})
    assert list(texts) == ["15", "15"]
    assert list(marks) == ["p", "note"]


def test_a_sign_may_be_declared_as_it_is_raised() -> None:
    texts, marks = strip_signs(column("Всего¹", "Всего1"), {"¹": "note"})
    assert list(texts) == ["Всего", "Всего"]
    assert list(marks) == ["note", "note"]


def test_rows_keep_their_index_and_missing_texts() -> None:
    words = pd.Series(["5*", None, "5*"], index=[7, 8, 9], dtype="str")
    texts, marks = strip_signs(words, SIGNS)
    assert list(texts.index) == list(marks.index) == [7, 8, 9]
    assert list(texts.isna()) == [False, True, False]
    assert strip_signs(words, {}).texts.equals(words)


@pytest.mark.parametrize("sign", ["", " ", "-", ",", "(a)", "1.", "%"])
def test_a_part_of_numbers_is_refused_as_a_sign(sign: str) -> None:
    with pytest.raises(ValueError, match="footnote sign"):
        strip_signs(column("5"), {sign: "note"})


@FEW
@given(
    st.one_of(
        st.integers(-(10**9), 10**9).map(str),
        st.integers(0, 10**9).map(lambda number: f"{number:,}"),
        st.integers(0, 10**9).map(lambda number: f"{number:,}".replace(",", "\u00a0")),
        st.decimals(-1000, 1000, places=2).map(str),
        st.integers(0, 10**6).map(lambda number: f"({number:,})"),
    )
)
def test_a_pure_number_never_changes(number: str) -> None:
    texts, marks = strip_signs(column(number), SIGNS)
    assert texts[0] == number
    assert pd.isna(marks[0])


@FEW
@given(st.text(max_size=20))
def test_no_text_breaks_it_and_what_is_left_begins_the_text(word: str) -> None:
    texts, marks = strip_signs(column(word), SIGNS)
    assert word.startswith(texts[0])
    assert pd.notna(marks[0]) or texts[0] == word
    split_qualifier(column(word))


@pytest.mark.parametrize(
    ("word", "number", "code"),
    [
        ("более 200", "200", "MORE_THAN"),
        ("Более чем 200", "200", "MORE_THAN"),
        ("свыше 1 200", "1 200", "MORE_THAN"),
        (">200", "200", "MORE_THAN"),
        ("200-ден астам", "200", "MORE_THAN"),
        ("more than 1,200", "1,200", "MORE_THAN"),
        ("до 600", "600", "UP_TO"),
        ("не более 600", "600", "UP_TO"),
        ("600-ге дейін", "600", "UP_TO"),
        ("≤5", "5", "UP_TO"),
        ("около 40", "40", "ABOUT"),
        ("порядка 40", "40", "ABOUT"),
        ("almost 40", "40", "ABOUT"),
        ("~40", "40", "ABOUT"),
        ("40-қа жуық", "40", "ABOUT"),
        ("не менее 5", "5", "AT_LEAST"),
        ("кемінде 5", "5", "AT_LEAST"),
        ("5-тен кем емес", "5", "AT_LEAST"),
        ("at least 5", "5", "AT_LEAST"),
        ("≥ 5", "5", "AT_LEAST"),
        ("200+", "200", "AT_LEAST"),
        ("<5", "5", "LESS_THAN"),
        ("10-нан аз", "10", "LESS_THAN"),
        ("более 60,5 %", "60,5 %", "MORE_THAN"),
    ],
)
def test_a_qualifier_becomes_its_code(word: str, number: str, code: str) -> None:
    texts, codes = split_qualifier(column(word))
    assert (texts[0], codes[0]) == (number, code)


@pytest.mark.parametrize(
    "word",
    ["200", "350–400", "5 из 10", "более двухсот", "более 5 человек", "до", "-5", "",
     "около 350–400", "1 234"],
)  # fmt: skip
def test_what_is_not_one_qualified_number_stays(word: str) -> None:
    texts, codes = split_qualifier(column(word, None))
    assert texts[0] == word
    assert codes.isna().all()
