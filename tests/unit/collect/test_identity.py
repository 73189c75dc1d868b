"""Pseudonyms: the same person is the same in every spelling; nobody can be named."""

import pandas as pd
import pytest

from pipeline.collect.identity import comparable, pseudonym, pseudonymise, read_key
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
