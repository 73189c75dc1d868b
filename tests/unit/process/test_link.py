"""Every identifier that one register names in another is in exactly one state."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.process.link import COLUMNS, LINKS, Linked, link

FIELDS = {
    "complaints": ("complaint_id", "register_no"),
    "checks": ("check_id", "complaint_id", "register_no"),
    "investigations": ("case_no", "step_no", "complaint_ids"),
    "prosecutions": ("prosecution_id", "case_no"),
    "sentences": ("sentence_id", "prosecution_id", "case_no"),
}
FIRST = {name: 1000 * n for n, name in enumerate(FIELDS)}
SHARED = {name: {"register_no": "BOOK", "case_no": "CASES"} for name in ("a", "b", "c")}
Rows = list[tuple[str | None, ...]]


def register(name: str, rows: Rows) -> pd.DataFrame:
    """Return a register of source and fields; fields left out at the end are empty."""
    columns = ["source_id", *FIELDS[name]]
    filled = [(*row, *[None] * (len(columns) - len(row))) for row in rows]
    frame = pd.DataFrame(filled, columns=columns).astype("str")
    frame["record_id"] = pd.Series([f"{name}!{n}" for n in frame.index], dtype="str")
    return frame.assign(record_no=range(FIRST[name], FIRST[name] + len(frame)))


def chain(**rows: Rows) -> dict[str, pd.DataFrame]:
    """Return the five registers, those not given empty."""
    return {name: register(name, rows.get(name, [])) for name in FIELDS}


def told(found: Linked) -> list[tuple[str, str, str, str]]:
    """Return start, number, state and reason of each link."""
    columns = ["record_id", "to_id", "state", "reason"]
    return [*found.links[columns].astype("str").itertuples(index=False, name=None)]


def ends(found: Linked) -> list[object]:
    """Return the end of each link, nothing where it has none."""
    return [None if pd.isna(one) else one for one in found.links["to_record_id"]]


def test_a_link_is_found_not_stated_or_leads_nowhere() -> None:
    found = link(
        chain(
            complaints=[("a", "C1")],
            checks=[("a", "K1", "C1"), ("a", "K2", "C9"), ("a", "K3", "_U")],
        )
    )
    assert told(found) == [
        ("checks!0", "C1", "FOUND", "_Z"),
        ("checks!1", "C9", "LEADS_NOWHERE", "NOT_SUPPLIED"),
        ("checks!2", "_U", "NOT_STATED", "_Z"),
    ]
    assert ends(found) == ["complaints!0", None, None]
    assert found.candidates.empty


def test_an_identifier_is_followed_within_its_own_source() -> None:
    registers = chain(complaints=[("a", "C1")], checks=[("b", "K1", "C1")])
    assert list(link(registers).links["state"]) == ["LEADS_NOWHERE"]
    of_books = link(registers, shared=SHARED)
    assert list(of_books.links["state"]) == ["LEADS_NOWHERE"]


def test_several_identifiers_of_a_cell_are_several_links_each_once() -> None:
    cases: Rows = [("a", "N1", "1", "C1;C2; C1;_U;")]
    found = link(chain(complaints=[("a", "C1")], investigations=cases))
    assert told(found) == [
        ("investigations!0", "C1", "FOUND", "_Z"),
        ("investigations!0", "C2", "LEADS_NOWHERE", "NOT_SUPPLIED"),
        ("investigations!0", "_U", "NOT_STATED", "_Z"),
    ]


def test_registers_without_rows_have_no_links() -> None:
    found = link(chain(), chain(), SHARED)
    assert found.links.empty
    assert found.candidates.empty
    assert tuple(found.links.columns) == COLUMNS


def test_a_link_to_a_case_leads_to_its_first_step_by_number_not_by_text() -> None:
    found = link(
        chain(
            investigations=[("a", "N1", "10"), ("a", "N1", "9"), ("b", "N1", "1")],
            prosecutions=[("a", "P1", "N1")],
            sentences=[("a", "S1", "_U", "N1"), ("a", "S2", "P1")],
        )
    )
    cases = found.links[found.links["to_record"] == "investigations"]
    assert list(cases["to_record_id"]) == ["investigations!1"] * 2
    assert list(cases["to_no"]) == [FIRST["investigations"] + 1] * 2
    assert [one[1:3] for one in told(found)] == [
        ("N1", "FOUND"),
        ("_U", "NOT_STATED"),
        ("P1", "FOUND"),
        ("N1", "FOUND"),
    ]


class Named(NamedTuple):
    """How a check names its complaint, and what it finds."""

    complaint_id: str | None
    register_no: str | None
    to_id: str
    state: str
    reason: str
    end: str | None


COMPLAINTS: Rows = [
    ("a", "C1", "R1"),
    ("a", "C2", "R2"),
    ("a", "C3", "R2"),
    ("a", "C4", None),
    ("a", "C5", "_U"),
]
NAMES = [
    Named("C1", "R1", "C1", "FOUND", "_Z", "complaints!0"),
    Named("_U", "R1", "R1", "FOUND", "_Z", "complaints!0"),
    Named(None, "R1", "R1", "FOUND", "_Z", "complaints!0"),
    Named("C1", "_U", "C1", "FOUND", "_Z", "complaints!0"),
    Named("C4", "R9", "C4", "FOUND", "_Z", "complaints!3"),
    Named("C2", "R2", "C2", "FOUND", "_Z", "complaints!1"),
    Named(None, "R2", "R2", "AMBIGUOUS", "SEVERAL_RECORDS", None),
    Named("C1", "R2", "C1;R2", "AMBIGUOUS", "NUMBERS_DISAGREE", None),
    Named("C9", "R1", "C9;R1", "AMBIGUOUS", "NUMBERS_DISAGREE", None),
    Named("C4", "R1", "C4;R1", "AMBIGUOUS", "NUMBERS_DISAGREE", None),
    Named("C9", "R9", "C9", "LEADS_NOWHERE", "NOT_SUPPLIED", None),
    Named("_U", "_U", "_U", "NOT_STATED", "_Z", None),
    Named(None, "_U", "_U", "NOT_STATED", "_Z", None),
]


@pytest.mark.parametrize("name", NAMES, ids=lambda one: f"{one[0]}-{one[1]}")
def test_a_check_names_its_complaint_by_either_number(name: Named) -> None:
    checks: Rows = [("a", "K1", name.complaint_id, name.register_no)]
    found = link(chain(complaints=COMPLAINTS, checks=checks))
    assert told(found) == [("checks!0", name.to_id, name.state, name.reason)]
    assert ends(found) == [name.end]


def test_both_ends_of_numbers_that_disagree_are_told() -> None:
    found = link(chain(complaints=COMPLAINTS, checks=[("a", "K1", "C1", "R2")]))
    assert set(found.candidates["to_record_id"]) == {
        "complaints!0",
        "complaints!1",
        "complaints!2",
    }
    assert set(found.candidates["record_id"]) == {"checks!0"}


def test_a_number_borne_by_thousands_costs_no_thousands_of_pairs() -> None:
    complaints: Rows = [("a", f"C{n}", "none") for n in range(3000)]
    checks: Rows = [("a", f"K{n}", None, "none") for n in range(3000)]
    named: Rows = [("a", "K", "C2999", "none")]
    found = link(chain(complaints=complaints, checks=checks + named))
    assert list(found.links["state"]) == ["AMBIGUOUS"] * 3000 + ["FOUND"]
    assert len(found.candidates) <= 3000 * 5


@pytest.mark.parametrize("number", ["C2", "C3"])
def test_a_link_to_a_record_that_was_quarantined_is_told_as_such(number: str) -> None:
    found = link(
        chain(complaints=[("a", "C1")], checks=[("a", "K1", number)]),
        chain(complaints=[("a", "C2"), ("b", "C3")]),
    )
    reason = {"C2": "QUARANTINED", "C3": "NOT_SUPPLIED"}[number]
    assert told(found) == [("checks!0", number, "LEADS_NOWHERE", reason)]


def test_a_case_whose_steps_were_quarantined_is_told_as_such() -> None:
    found = link(
        chain(prosecutions=[("a", "P1", "N1")]),
        chain(investigations=[("a", "N1", "not a number")]),
    )
    assert told(found) == [("prosecutions!0", "N1", "LEADS_NOWHERE", "QUARANTINED")]


def test_a_shared_number_is_sought_in_its_own_source_first_then_in_the_others() -> None:
    found = link(
        chain(
            investigations=[("a", "17-1", "1"), ("b", "171", "1"), ("b", "17-2", "1"),
                            ("c", "17-3", "1"), ("b", "17-3", "1")],
            prosecutions=[("a", "P1", "17-1"), ("a", "P2", "17-2"), ("a", "P3", "17-3"),
                          ("a", "P4", "17-4")],
        ),
        shared=SHARED,
    )  # fmt: skip
    assert told(found) == [
        ("prosecutions!0", "17-1", "FOUND", "_Z"),
        ("prosecutions!1", "17-2", "FOUND", "_Z"),
        ("prosecutions!2", "17-3", "AMBIGUOUS", "SEVERAL_SOURCES"),
        ("prosecutions!3", "17-4", "LEADS_NOWHERE", "NOT_SUPPLIED"),
    ]
    assert ends(found)[:2] == ["investigations!0", "investigations!2"]
    assert list(found.links["to_source_id"])[:2] == ["a", "b"]
    assert set(found.candidates["to_source_id"]) == {"b", "c"}


def test_only_sources_that_declare_the_numbering_share_it() -> None:
    registers = chain(
        investigations=[("b", "17-1", "1")], prosecutions=[("a", "P1", "17-1")]
    )
    for shared in (
        {"a": {"case_no": "CASES"}},
        {"b": {"case_no": "CASES"}},
        {"a": {"case_no": "CASES"}, "b": {"case_no": "OTHERS"}},
        {"a": {"register_no": "CASES"}, "b": {"register_no": "CASES"}},
    ):
        found = link(registers, shared=shared)
        assert list(found.links["state"]) == ["LEADS_NOWHERE"], shared


def test_a_check_that_names_nothing_here_finds_its_complaint_in_another_list() -> None:
    checks: Rows = [("a", "K1", "C9", "R1"), ("a", "K2", "C1", "R1")]
    found = link(
        chain(complaints=[("a", "C1"), ("b", "X1", "R1")], checks=checks), shared=SHARED
    )
    assert ends(found) == ["complaints!1", "complaints!0"]


def test_one_complaint_in_two_cases_is_two_links_to_one_record() -> None:
    cases: Rows = [("a", "N1", "1", "C1"), ("a", "N2", "1", "C1")]
    found = link(chain(complaints=[("a", "C1")], investigations=cases))
    assert ends(found) == ["complaints!0", "complaints!0"]
    assert found.links["record_no"].nunique() == 2


# The plain form of the rule, row by row; `link` does the same with whole columns.
NUMBERS = st.sampled_from(["1-1", "11", "2", "2-2", "_U", None])
SOURCES = st.sampled_from(["a", "b", "d"])
CASES = st.lists(st.tuples(SOURCES, st.sampled_from(["1-1", "11", "2", "2-2"]),
                           st.sampled_from(["1", "2"])), max_size=5)  # fmt: skip
NAMED = st.lists(st.tuples(SOURCES, st.just("P"), NUMBERS), max_size=5)


def plain_state(
    source: str, number: str, cases: list[tuple[str, str, str]]
) -> tuple[str, frozenset[tuple[str, str]]]:
    """Return state and cases meant by one number, by the words of the rule."""
    known = {(s, no) for s, no, _ in cases}
    if number == "_U":
        return "NOT_STATED", frozenset()
    if (source, number) in known:
        return "FOUND", frozenset({(source, number)})
    if source not in SHARED:
        return "LEADS_NOWHERE", frozenset()
    like = {
        (s, no) for s, no in known
        if s in SHARED and no.replace("-", "") == number.replace("-", "")
        and (no == number or "-" not in no or "-" not in number)
    }  # fmt: skip
    for near in (
        {(s, no) for s, no in like if s == source},
        {(s, no) for s, no in like if no == number},
        like,
    ):
        if near:
            return ("FOUND" if len(near) == 1 else "AMBIGUOUS"), frozenset(near)
    return "LEADS_NOWHERE", frozenset()


@settings(max_examples=60, deadline=None)
@given(cases=CASES, named=NAMED)
def test_each_number_named_is_one_link_as_the_plain_rule_says(
    cases: list[tuple[str, str, str]], named: list[tuple[str, str, str | None]]
) -> None:
    registers = chain(investigations=[*cases], prosecutions=[*named])
    found = link(registers, shared=SHARED)
    stated = [(n, source, no) for n, (source, _, no) in enumerate(named) if no]
    assert [one[:2] for one in told(found)] == [
        (f"prosecutions!{n}", no) for n, _, no in stated
    ]
    for (_, source, number), row in zip(stated, found.links.itertuples(), strict=True):
        state, meant = plain_state(source, number, cases)
        assert row.state == state
        assert pd.notna(row.to_no) == (state == "FOUND")
        if state == "FOUND":
            end = registers["investigations"].set_index("record_no").loc[row.to_no]
            assert {(end["source_id"], end["case_no"])} == meant


@settings(max_examples=25, deadline=None)
@given(cases=CASES, named=NAMED)
def test_every_link_not_found_is_told_with_what_it_may_mean(
    cases: list[tuple[str, str, str]], named: list[tuple[str, str, str | None]]
) -> None:
    found = link(chain(investigations=[*cases], prosecutions=[*named]), shared=SHARED)
    unsure = found.links[found.links["state"] == "AMBIGUOUS"]
    assert set(unsure["record_no"]) == set(found.candidates["record_no"])
    assert (found.candidates.groupby("record_no")["to_no"].nunique() > 1).all()
    not_found = found.links["state"].isin(["LEADS_NOWHERE", "AMBIGUOUS"])
    assert ((found.links["reason"] != "_Z") == not_found).all()


def test_every_link_is_by_fields_that_its_registers_have() -> None:
    for one in LINKS:
        named: Mapping[str, tuple[str, ...]] = FIELDS
        assert {one.column, *filter(None, [one.other])} <= {*named[one.start]}
        assert {one.key, *filter(None, [one.other])} <= {*named[one.end]}
