"""Lists that overlap: what they share, and that nothing else rests on links."""

import ast
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from unit.analyse.made_lists import LISTS, declare_lists, known_overlap, model

import pipeline
from pipeline.analyse.disclosure import Refusal, protect
from pipeline.analyse.linkage.linked import RULES, declared, linked
from pipeline.declarations.sources import Source
from pipeline.store.declared import store_linkage

MADE = known_overlap(500)
MAY_KNOW_LINKS = {"build", "declared", "overlap", "unseen"}


@pytest.fixture(scope="module")
def shared(bench):
    """Return a warehouse with three lists, linked, and what builds its tables."""
    declare_lists(bench.warehouse)
    bench.fill(complaints=MADE.rows)
    return bench


def values(bench, period: str = "_T") -> pd.Series:
    frame = bench.build("overlap").frame
    mine = frame[frame["time_period"].eq(period)]
    return mine.set_index(["here", "there", "state"])["obs_value"]


def true_sets() -> dict[str, set[int]]:
    held: dict[str, set[int]] = {name: set() for name in LISTS}
    for record, number in MADE.complaint.items():
        held[record.split("!")[0]].add(number)
    return held


def test_each_row_of_a_list_is_shared_only_here_uncertain_or_a_duplicate(
    shared,
) -> None:
    frame = shared.build("overlap").frame
    for period in frame["time_period"].unique():
        found = values(shared, period)
        for here, there in combinations(LISTS, 2):
            for one, side in ((here, "HERE"), (there, "THERE")):
                parts = [
                    (here, there, "MATCHED"),
                    (here, there, f"ONLY_{side}"),
                    (here, there, f"UNCERTAIN_{side}"),
                    (one, "_Z", "DUPLICATE"),
                ]
                assert found[parts].sum() == found[one, "_Z", "IN_LIST"]  # fmt: skip


def test_the_range_holds_the_truth_and_links_lie_within_it(shared) -> None:
    found, held = values(shared), true_sets()
    truth = len(set.union(*held.values()))
    low, high = found["_T", "_Z", "AT_LEAST"], found["_T", "_Z", "AT_MOST"]
    assert low <= truth <= high
    assert low <= found["_T", "_Z", "APART"] <= high
    assert high == len(MADE.rows)


def test_complaints_told_apart_are_those_of_each_combination_together(shared) -> None:
    found = values(shared)
    exactly = found[found.index.get_level_values("state") == "EXACTLY"]
    assert len(exactly) == 7
    assert exactly.sum() == found["_T", "_Z", "APART"]


def test_years_add_up_to_all_years(shared) -> None:
    frame = shared.build("overlap").frame
    added = frame[~frame["state"].isin(["AT_LEAST"])].groupby(
        [frame["time_period"].eq("_T"), "here", "there", "state"]
    )["obs_value"].sum()  # fmt: skip
    assert added.loc[False].equals(added.loc[True])


def test_what_is_shared_is_near_the_truth(shared) -> None:
    found, held = values(shared), true_sets()
    for here, there in combinations(LISTS, 2):
        truth = len(held[here] & held[there])
        sure = found[here, there, "MATCHED"]
        maybe = found[here, there, "UNCERTAIN_HERE"]
        assert 0.8 * truth <= sure + maybe <= 1.1 * truth


def test_a_cell_leads_to_the_rows_of_its_lists(shared) -> None:
    table = shared.build("overlap")
    frame = table.frame.set_index(["time_period", "here", "there", "state"])
    cell = frame.loc[("_T", "ngo_list", "npm_list", "MATCHED"), "cell_id"]
    rows = table.provenance[table.provenance["cell_id"].eq(cell)]
    assert set(rows["source_id"]) == {"ngo_list", "npm_list"}
    assert len(rows) == 2 * values(shared)["ngo_list", "npm_list", "MATCHED"]


def test_without_a_model_uncertain_ones_are_missing_not_zero(bench) -> None:
    declare_lists(bench.warehouse)
    bench.fill(complaints=known_overlap(12).rows)
    frame = bench.build("overlap").frame
    unknown = frame[frame["state"].str.startswith(("UNCERTAIN", "DUPLICATE"))]
    assert unknown["obs_value"].isna().all()
    assert set(unknown["mark"]) == {"x"}
    assert set(frame.loc[frame["state"].eq("MATCHED"), "method"]) == {"SHARED_NUMBER"}
    bench.fill(complaints=MADE.rows)


def test_a_restricted_list_closes_all_tables_of_links(shared) -> None:
    known = {name: source(name, "public") for name in LISTS}
    for name in ("overlap", "linkage_model", "clerical_sample", "unseen_estimate"):
        table = shared.build(name)
        assert not isinstance(protect(table, known), Refusal)
        closed = known | {"npm_list": source("npm_list", "restricted")}
        assert isinstance(protect(table, closed), Refusal)


def source(name: str, sensitivity: str) -> Source:
    return Source.model_construct(source=name, sensitivity=sensitivity, synthetic=True)


def test_no_other_table_changes_with_the_links(shared) -> None:
    before = shared.build("complaints").frame
    found = linked(shared.warehouse, declared(shared.warehouse))
    assert (found.pairs["band"] == "MATCH").any()
    nothing = found.pairs.iloc[:0]
    shared.warehouse.replace("core.list_pair", nothing, "Nothing is linked.")
    alone = found.members.assign(entity_no=found.members["row_no"])
    shared.warehouse.replace("core.list_member", alone, "Nothing is linked.")
    assert values(shared)["ngo_list", "npm_list", "MATCHED"] == 0
    pd.testing.assert_frame_equal(before, shared.build("complaints").frame)
    shared.warehouse.replace("core.list_pair", found.pairs, "As before.")
    shared.warehouse.replace("core.list_member", found.members, "As before.")


def test_no_other_module_knows_the_links() -> None:
    names = ("pipeline.analyse.linkage", "pipeline.analyse.overlap",
             "pipeline.analyse.unseen")  # fmt: skip
    for path in Path(pipeline.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        imported = {
            node.module or ""
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.ImportFrom)
        }
        knows = any(module.startswith(names) for module in imported)
        reads = "core.list_" in text or "meta.linkage_item" in text
        is_own = "linkage" in path.parts or path.stem in MAY_KNOW_LINKS
        assert is_own or not (knows or reads), path


def test_sources_that_are_declared_one_list_are_one_list(bench) -> None:
    declare_lists(bench.warehouse)
    own = model().model_copy(update={"lists": {"NGO": ("ngo_list", "npm_list")}})
    store_linkage(bench.warehouse, own)
    bench.fill(complaints=known_overlap(12).rows)
    found = values(bench)
    assert set(found.index.get_level_values("here")) == {
        "NGO", "state_list", "NGO+state_list", "_T"
    }  # fmt: skip
    bench.warehouse.connection.execute(f"DROP TABLE {RULES}")
    bench.fill(complaints=MADE.rows)


def test_an_empty_register_gives_empty_tables(bench) -> None:
    bench.fill(complaints=[])
    for name in ("overlap", "linkage_model", "clerical_sample", "unseen_estimate"):
        assert bench.build(name).frame.empty
    bench.fill(complaints=MADE.rows)
