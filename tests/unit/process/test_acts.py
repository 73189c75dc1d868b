"""A record that states no act has the wording of its charge through what it names."""

import pandas as pd
import pytest

from pipeline.declarations.codelists import CodeList
from pipeline.process.classify import worded_by
from pipeline.process.link import LINKS, acts_named
from pipeline.store.core import LINKS_TO_ACTS
from schemas.records import RECORDS

OLD, NEW = "CC14-146-1-W2015", "CC14-146-1-W2023"
[CASES] = [one for one in LINKS if one.start == "investigations"]
COMPLAINTS = pd.DataFrame(
    [
        ("a", "C1", "2023-03-16", "DAY"),
        ("a", "C2", "2023-03-17", "DAY"),
        ("a", "C3", "2020-01-01", "YEAR"),
        ("a", "C4", "2020-05-05", "DAY"),
        ("b", "C1", "2024-01-01", "DAY"),
    ],
    columns=["source_id", "complaint_id", "event_from", "event_from_precision"],
).astype({"event_from": "datetime64[us]"})


@pytest.mark.parametrize(
    ("source", "named", "charge"),
    [
        ("a", "C1", OLD),
        ("a", "C2", NEW),
        ("b", "C1", NEW),
        ("a", "C1;C4", OLD),
        ("a", "C1;C2", "CC14-146-1"),
        ("a", "C1;C3", "CC14-146-1"),
        ("a", "C1;C9", "CC14-146-1"),
        ("a", "_U", "CC14-146-1"),
        ("a", None, "CC14-146-1"),
    ],
)
def test_the_wording_is_that_of_all_acts_named_or_none(
    lists: dict[str, CodeList], source: str, named: str | None, charge: str
) -> None:
    row = {"source_id": source, "complaint_ids": named, "charge": "CC14-146-1"}
    cases = pd.DataFrame([row], index=[7]).astype("str")
    acts = acts_named(cases, CASES, COMPLAINTS)
    worded = worded_by(cases, RECORDS["investigations"], acts, lists["charge"])
    assert worded["charge"].to_dict() == {7: charge}


def test_sentences_and_cases_are_worded_through_links() -> None:
    starts = {(one.start, one.end) for one in LINKS_TO_ACTS}
    assert starts == {("investigations", "complaints"), ("sentences", "prosecutions")}
