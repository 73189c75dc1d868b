"""Pseudonyms: the same person is the same in every spelling; nobody can be named."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import identity
from pipeline.collect.identity import (
    comparable,
    comparable_names,
    pseudonym,
    pseudonymise,
    read_key,
)
from pipeline.errors import Point27Error

KEY, OTHER = b"k" * 32, b"o" * 32
KEPT = frozenset({"unknown", "_u", ""})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Выдумкин Тест", "ВЫДУМКИН  ТЕСТ"),
        ("Выдумкин Тест", " выдумкин тест "),
        ("Тестёв", "Тестев"),
        ("Тестёв", "Тесте\u0308в"),
        ("НОВТЕСТ", "HOBTECT"),  # all Latin
        ("НОВТЕСТ", "НOВТEСТ"),  # Latin O and E
        ("Новтест", "Hoвтecт"),  # Latin H, o, e, c
        ("Тестһан", "Тестhан"),  # Latin h for the Kazakh letter
        ("hoba", "HOBA"),
        ("Testov-Vydumkin", "testov vydumkin"),
    ],
)
def test_two_spellings_of_one_name_are_one_person(one, other):
    assert pseudonym(one, KEY) == pseudonym(other, KEY)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Тестқан", "Тесткан"), ("Тестов", "Тестова"), ("Testov", "Tестов")],
)
def test_two_names_are_two_persons(one, other):
    assert pseudonym(one, KEY) != pseudonym(other, KEY)


def test_another_key_gives_another_pseudonym():
    assert pseudonym("Тестов", KEY) != pseudonym("Тестов", OTHER)


def test_kazakh_letters_are_kept():
    assert comparable("Әғқңөұүһі") == "әғқңөұүһі"


def test_unknown_stays_unknown_and_a_dash_names_nobody():
    words = pd.Series(["unknown", "UNKNOWN ", "—", None, "Тестов"], dtype="str")
    hashed = pseudonymise(words, KEY, KEPT)
    assert list(hashed[:2]) == ["unknown", "UNKNOWN"]
    assert hashed[2:4].isna().all()
    assert hashed[4] == pseudonym("Тестов", KEY)


SCRIPTS = st.text(alphabet="АаЁёҺһҒҚ\u0301\u0308aAhHxXqQ-. \n\u00a00ßİſ", max_size=8)


@given(names=st.lists(SCRIPTS | st.text(max_size=8), max_size=5))
def test_names_folded_together_are_as_each_alone(names):
    assert comparable_names(names) == [comparable(name) for name in names]


def test_every_letter_folded_in_a_text_is_as_alone():
    points = (chr(n) for n in range(0x3000) if not 0xD800 <= n < 0xE000)
    names = [form.format(letter) for letter in points for form in ("{}", "H{}", "А{}h")]
    assert comparable_names(names) == [comparable(name) for name in names]


@given(names=st.lists(SCRIPTS, max_size=9))
def test_pseudonyms_made_in_pieces_are_those_made_one_by_one(names):
    column = pd.Series([*names, None], dtype="str")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "AT_ONCE", 2)
        found = pseudonymise(column, KEY, KEPT)
    expected = [pseudonym(name, KEY) if comparable(name) else None for name in names]
    expected = [
        name.strip() if name.strip().casefold() in KEPT else hashed
        for name, hashed in zip(names, expected, strict=True)
    ]
    plain = found.astype("object").where(found.notna(), None)
    assert plain.tolist() == [*expected, None]


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / ".point27" / "pseudonym.key"
    key, is_new = read_key(path)
    assert (len(key), is_new) == (32, True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path) == (key, False)


@pytest.mark.parametrize("content", ["", "abcd\n", "no hexadecimal digits", "00" * 16])
def test_a_damaged_key_is_never_used(tmp_path, content):
    path = tmp_path / "pseudonym.key"
    path.write_text(content)
    with pytest.raises(Point27Error, match="the key of the pseudonyms is damaged"):
        read_key(path)
