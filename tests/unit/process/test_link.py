"""Every identifier that one register names in another is in exactly one state."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.process.link import LINKS, link

KEYS = {
    "complaints": "complaint_id",
    "checks": "check_id",
    "investigations": "case_no",
    "prosecutions": "prosecution_id",
    "sentences": "sentence_id",
}
NAMED = {one.start: one.column for one in LINKS}


def register(name: str, rows: list[tuple[str, str, str | None]]) -> pd.DataFrame:
    """Return a register of source, key and what it names."""
    frame = pd.DataFrame(
        rows, columns=["source_id", KEYS[name], NAMED.get(name, "none")]
    )
    frame["record_id"] = [f"{name}!{n}" for n in range(len(frame))]
    return frame.astype("str")


def chain(**rows: list[tuple[str, str, str | None]]) -> dict[str, pd.DataFrame]:
    """Return the five registers, those not given empty."""
    return {name: register(name, rows.get(name, [])) for name in KEYS}


def states(links: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return the state of each link by the register it starts from and its end."""
    pairs = zip(links["from_record"], links["to_id"], strict=True)
    return dict(zip(pairs, links["state"], strict=True))


def test_a_link_is_found_not_stated_or_leads_nowhere() -> None:
    links = link(
        chain(
            complaints=[("a", "C1", None)],
            checks=[("a", "K1", "C1"), ("a", "K2", "C9"), ("a", "K3", "_U")],
        )
    )
    assert states(links) == {
        ("checks", "C1"): "FOUND",
        ("checks", "C9"): "LEADS_NOWHERE",
        ("checks", "_U"): "NOT_STATED",
    }


def test_an_identifier_is_followed_within_its_own_source() -> None:
    links = link(chain(complaints=[("a", "C1", None)], checks=[("b", "K1", "C1")]))
    assert list(links["state"]) == ["LEADS_NOWHERE"]


def test_several_identifiers_of_a_cell_are_several_links() -> None:
    links = link(
        chain(complaints=[("a", "C1", None)], investigations=[("a", "N1", "C1;C2")])
    )
    assert states(links) == {
        ("investigations", "C1"): "FOUND",
        ("investigations", "C2"): "LEADS_NOWHERE",
    }


def test_registers_without_rows_have_no_links() -> None:
    links = link(chain())
    assert links.empty
    assert list(links.columns) == [
        "source_id",
        "from_record",
        "record_id",
        "to_record",
        "to_id",
        "state",
    ]


IDS = st.sampled_from(["C1", "C2", "C3", "_U"])
SOURCES = st.sampled_from(["a", "b"])
COMPLAINTS = st.lists(
    st.tuples(SOURCES, st.sampled_from(["C1", "C2"]), st.none()), max_size=4
)
CASES = st.lists(
    st.tuples(
        SOURCES,
        st.sampled_from(["N1", "N2"]),
        st.one_of(st.none(), st.lists(IDS, min_size=1, unique=True).map(";".join)),
    ),
    max_size=5,
)


@settings(max_examples=40, deadline=None)
@given(complaints=COMPLAINTS, cases=CASES)
def test_every_identifier_named_is_one_link_in_one_state(
    complaints: list[tuple[str, str, str | None]],
    cases: list[tuple[str, str, str | None]],
) -> None:
    registers = chain(complaints=complaints, investigations=cases)
    links = link(registers)
    named = [
        (f"investigations!{n}", source, one)
        for n, (source, _, ids) in enumerate(cases)
        for one in (ids or "").split(";")
        if one
    ]
    followed = zip(links["record_id"], links["source_id"], links["to_id"], strict=True)
    assert sorted(followed) == sorted(named)
    known = {(source, key) for source, key, _ in complaints}
    for row in links.itertuples():
        found = (row.source_id, row.to_id) in known
        assert (row.state == "FOUND") == found
        assert (row.state == "NOT_STATED") == (row.to_id == "_U")
