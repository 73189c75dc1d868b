"""Words become codes; a word that nobody knows is told with its place."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.declarations.codelists import CodeList, normalise
from pipeline.declarations.sources import Source
from pipeline.process.classify import Coding, by_wording, code_column
from pipeline.process.odd_words import MOST_WORDS
from pipeline.process.places import cell_of
from schemas.records import RECORDS

BODY = RECORDS["complaints"].field("accused_body")
ALLEGATIONS = RECORDS["complaints"].field("allegations")
WORD = "Zzyzxian of Room 9"


@pytest.fixture(scope="session")
def coding(sources: dict[str, Source], lists: dict[str, CodeList]) -> Coding:
    return Coding(sources["open"], lists)


@pytest.fixture(scope="session")
def closed(sources: dict[str, Source], lists: dict[str, CodeList]) -> Coding:
    return Coding(sources["closed"], lists)


def test_codes_labels_and_spellings_become_codes(raw, coding: Coding) -> None:
    words = ["POLICE", "police", "  Police ", "KUIS", "n/k", "n/a", "unknown"]
    frame = raw("complaints", [{"accused_body": word} for word in words])
    codes, problems, _ = code_column(frame, BODY, coding)
    assert list(codes) == ["POLICE"] * 3 + ["KUIS", "_U", "_Z", "_U"]
    assert problems == []


def test_an_empty_cell_stays_empty_in_a_register(raw, coding: Coding) -> None:
    codes, problems, _ = code_column(raw("complaints", [{}]), BODY, coding)
    assert codes.isna().all()
    assert problems == []


def test_an_empty_dimension_of_a_figure_is_a_total(raw, coding: Coding) -> None:
    field = RECORDS["figures"].field("accused_body")
    codes, *_ = code_column(
        raw("figures", [{}, {"accused_body": "n/k"}]), field, coding
    )
    assert list(codes) == ["_T", "_U"]


def test_several_codes_of_a_cell_are_sorted_and_each_once(raw, coding: Coding) -> None:
    known = sorted(coding.lists["allegation"].codes - {"_T", "_U", "_Z", "_O"})[:2]
    cells = [
        f"{known[1]} ; {known[0]};{known[1]}",
        f"{known[0]}\n{known[1]}",
        known[0] + ";",
    ]
    frame = raw("complaints", [{"allegations": cell} for cell in cells])
    codes, problems, _ = code_column(frame, ALLEGATIONS, coding)
    assert list(codes) == [";".join(known), ";".join(known), known[0]]
    assert problems == []


def test_an_unknown_word_is_told_with_its_cell_and_the_nearest_spelling(
    raw, coding: Coding
) -> None:
    frame = raw("complaints", [{"accused_body": "POLICE"}, {"accused_body": "polise"}])
    _, problems, _ = code_column(frame, BODY, coding)
    assert len(problems) == 1
    column = chr(ord("A") + RECORDS["complaints"].names.index("accused_body"))
    assert problems[0].place == f"open.xlsx!complaints!{column}3"
    assert "'polise'" in problems[0].what
    assert "'police' (POLICE)" in problems[0].expected
    assert "schemas/spellings/body.csv" in problems[0].do


def test_each_unknown_word_is_told_once_with_the_number_of_its_cells(
    raw, coding: Coding
) -> None:
    frame = raw("complaints", [{"accused_body": "qqq"}] * 3 + [{"accused_body": "www"}])
    _, problems, _ = code_column(frame, BODY, coding)
    assert ["(3 cells)" in problem.what for problem in problems] == [True, False]


def test_a_word_with_letters_of_another_alphabet_is_read_and_remarked(
    raw, coding: Coding
) -> None:
    cells = ["РOLICE", "POLICE", "РOLICE"]  # the first letter is Cyrillic
    frame = raw("complaints", [{"accused_body": cell} for cell in cells])
    codes, problems, remarks = code_column(frame, BODY, coding)
    assert list(codes) == ["POLICE"] * 3
    assert problems == []
    column = chr(ord("A") + RECORDS["complaints"].names.index("accused_body"))
    assert [one.place for one in remarks] == [
        f"open.xlsx!complaints!{column}2, {column}4"
    ]
    assert "was read as POLICE (2 cells)" in remarks[0].what


def test_the_words_of_a_wrong_column_are_told_within_bounds(
    raw, coding: Coding
) -> None:
    words = [f"qqq{n}qqq" for n in range(MOST_WORDS + 7)]
    frame = raw("complaints", [{"accused_body": word} for word in words])
    _, problems, _ = code_column(frame, BODY, coding)
    assert len(problems) == MOST_WORDS + 1
    assert "7 further words" in problems[-1].what


@pytest.mark.parametrize("mark", ["n/k", "99", "no  Answer"])
@settings(max_examples=20, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["N/K", "99", " 9 9", "no answer", "199", "x9", None])
    )
)
def test_marks_are_found_as_by_looking_at_each_word(
    sources: dict[str, Source], lists: dict[str, CodeList], mark: str, words: list
) -> None:
    source = sources["open"].model_copy(update={"marks": {mark: "unknown"}})
    column = pd.Series(words, dtype="str")
    found = Coding(source, lists).meaning(column, BODY)
    meant = {normalise(mark), "unknown"}
    expected = [word is not None and normalise(word) in meant for word in words]
    assert found.eq("unknown").fillna(False).tolist() == expected


def test_a_mark_of_nothing_supplied_is_no_code(
    raw, sources: dict[str, Source], lists: dict[str, CodeList]
) -> None:
    dash = sources["open"].model_copy(update={"marks": {"–": "not_supplied"}})
    for name, codes in (("complaints", [None]), ("figures", ["_T"])):
        frame = raw(name, [{"accused_body": "–"}])
        field = RECORDS[name].field("accused_body")
        found, problems, _ = code_column(frame, field, Coding(dash, lists))
        assert found.astype("object").where(found.notna(), None).tolist() == codes
        assert problems == []


def test_a_word_is_found_in_the_cells_that_hold_it_and_not_in_longer_words(
    raw, coding: Coding
) -> None:
    cells = ["qq qq", "BEATING; qq", *["qq"] * 6]
    frame = raw("complaints", [{"allegations": cell} for cell in cells])
    _, problems, _ = code_column(frame, ALLEGATIONS, coding)
    [told] = [one for one in problems if "'qq' " in one.what]
    column = chr(ord("A") + RECORDS["complaints"].names.index("allegations"))
    named = ", ".join(f"{column}{row}" for row in range(3, 8))
    assert told.place == f"open.xlsx!complaints!{named} …"
    assert "(7 cells)" in told.what


def test_a_restricted_word_is_not_shown(raw, closed: Coding) -> None:
    frame = raw("complaints", [{"accused_body": WORD}], "closed")
    _, problems, _ = code_column(frame, BODY, closed)
    assert "a word is not in the code list 'body'" in problems[0].what
    told = str(problems[0]).casefold()
    assert not [
        part for part in WORD.casefold().split() if len(part) > 2 and part in told
    ]


def test_a_cell_is_found_by_the_letter_of_its_field(raw) -> None:
    record = raw("complaints", [{}]).iloc[0]
    assert cell_of(record, "received_on") == "B2"
    assert cell_of(record, "no such field") == "A2"
    assert cell_of(record.copy().replace(record["columns"], ""), "received_on") == "A2"


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("CC14-146-1", "CC14-146-1-W2015", "CC14-146-1-W2023"),
        ("CC14-146-2", "CC14-146-2-W2015", "CC14-146-2-W2023"),
        ("CC14-146", "CC14-146-W2015", "CC14-146-W2023"),
        ("CC14-362-1;CC14-146-1", "CC14-362-1;CC14-146-1-W2015",
         "CC14-362-1;CC14-146-1-W2023"),
        ("CC14-362", "CC14-362", "CC14-362"),
        ("_U", "_U", "_U"),
    ],
)  # fmt: skip
def test_a_charge_has_the_wording_in_force_at_the_act(
    lists: dict[str, CodeList], code: str, before: str, after: str
) -> None:
    acts = pd.Series(pd.to_datetime(["2023-03-16", "2023-03-17", None]))
    found = by_wording(pd.Series([code] * 3, dtype="str"), acts, lists["charge"])
    assert list(found) == [before, after, code]


def test_a_charge_that_states_its_wording_keeps_it(lists: dict[str, CodeList]) -> None:
    stated = pd.Series(["CC14-146-1-W2015"], dtype="str")
    acts = pd.Series(pd.to_datetime(["2024-01-01"]))
    assert list(by_wording(stated, acts, lists["charge"])) == ["CC14-146-1-W2015"]


@settings(max_examples=20, deadline=None)
@given(
    day=st.dates(pd.Timestamp("2015-01-01").date(), pd.Timestamp("2030-01-01").date())
)
def test_every_day_since_2015_has_exactly_one_wording(
    lists: dict[str, CodeList], day: object
) -> None:
    found = by_wording(
        pd.Series(["CC14-146-1"], dtype="str"),
        pd.Series([pd.Timestamp(day)]),
        lists["charge"],
    )
    expected = "W2015" if str(day) < "2023-03-17" else "W2023"
    assert list(found) == [f"CC14-146-1-{expected}"]
