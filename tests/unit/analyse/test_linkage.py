"""Linking rows of lists: certain numbers, groups, the model, and when it is refused."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.analyse.made_lists import declare_lists, known_overlap, model

from pipeline.analyse.linkage.entities import certain_links, grouped
from pipeline.analyse.linkage.linked import declared, linked
from pipeline.analyse.linkage.plan import planned
from pipeline.analyse.linkage.prepare import listed_rows
from pipeline.analyse.linkage.rules import pairs_made
from pipeline.declarations.linkage import Linkage, read_linkage
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace

MADE = known_overlap(500)


@pytest.fixture(scope="module")
def shared(bench):
    """Return a warehouse with three lists."""
    declare_lists(bench.warehouse)
    bench.fill(complaints=MADE.rows)
    return bench


def rows_of(*rows: tuple[str, str | None, str | None]) -> pd.DataFrame:
    """Return rows of list, number and sex."""
    frame = pd.DataFrame(rows, columns=["list_id", "register_no", "sex"], dtype="str")
    empty = pd.Series([None] * len(rows), dtype="str")
    numbers = range(1, len(rows) + 1)
    return frame.assign(row_no=numbers, region=empty, person_key=empty)


def test_a_number_that_each_list_holds_once_links_for_certain() -> None:
    rows = rows_of(("a", "7", "M"), ("b", "7", "M"), ("b", "8", "M"), ("c", "7", None))
    found = certain_links(rows, model().certain)
    assert found.to_numpy().tolist() == [[1, 2], [1, 4], [2, 4]]


def test_a_number_of_a_group_complaint_links_nobody_for_certain() -> None:
    rows = rows_of(("a", "7", "M"), ("a", "7", "F"), ("b", "7", "M"))
    assert certain_links(rows, model().certain).empty


def test_a_shared_number_does_not_link_rows_that_contradict_each_other() -> None:
    rows = rows_of(("a", "7", "M"), ("b", "7", "F"))
    assert certain_links(rows, model().certain).empty


LINK = st.tuples(st.integers(1, 8), st.integers(1, 8), st.floats(0, 30))


@given(st.lists(st.sampled_from("abc"), min_size=8, max_size=8), st.lists(LINK))
def test_a_group_never_holds_two_rows_of_one_list(names, drawn) -> None:
    rows = pd.DataFrame({"row_no": range(1, 9), "list_id": names})
    links = pd.DataFrame(drawn, columns=["row_l", "row_r", "weight"])
    links = links[links["row_l"] < links["row_r"]]
    found = grouped(rows, links).merge(rows, on="row_no")
    single = found[~found["is_duplicate"]]
    assert not single.duplicated(["entity_no", "list_id"]).any()
    assert (found["entity_no"] <= found["row_no"]).all() or found["is_duplicate"].any()
    for _, again in found[found["is_duplicate"]].iterrows():
        mates = single[single["entity_no"].eq(again["entity_no"])]
        assert again["list_id"] in set(mates["list_id"])


def test_the_stronger_link_wins_and_the_other_row_is_a_duplicate() -> None:
    rows = pd.DataFrame({"row_no": [1, 2, 3], "list_id": ["a", "a", "b"]})
    links = pd.DataFrame({"row_l": [1, 2], "row_r": [3, 3], "weight": [5.0, 9.0]})
    found = grouped(rows, links)
    assert found["entity_no"].tolist() == [2, 2, 2]
    assert found["is_duplicate"].tolist() == [True, False, False]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y", None]))))
def test_pairs_are_counted_as_a_join_would_make_them(drawn) -> None:
    rows = pd.DataFrame(drawn, columns=["list_id", "region"], dtype="str")
    made = sum(
        one[0] != other[0] and one[1] is not None and one[1] == other[1]
        for one, other in combinations(drawn, 2)
    )
    assert pairs_made(rows, ["region"]) == made


def test_the_model_finds_the_complaints_that_lists_share(shared) -> None:
    found = linked(shared.warehouse, declared(shared.warehouse)).members
    found = found[~found["is_duplicate"]]
    truth = found["record_id"].map(MADE.complaint)
    linked_pairs = pairs_within(found["row_no"], found["entity_no"])
    true_pairs = pairs_within(found["row_no"], truth)
    assert len(true_pairs) > 150
    assert len(linked_pairs & true_pairs) / len(linked_pairs) > 0.97
    assert len(linked_pairs & true_pairs) / len(true_pairs) > 0.85


def pairs_within(rows: pd.Series, groups: pd.Series) -> set[tuple[int, int]]:
    frame = pd.DataFrame({"row": rows, "group": groups})
    return {
        pair
        for _, part in frame.groupby("group")
        for pair in combinations(sorted(part["row"]), 2)
    }


def test_the_same_rows_give_the_same_links_to_the_last_digit(shared) -> None:
    first = linked(shared.warehouse, declared(shared.warehouse))
    shared.warehouse.connection.execute("DROP TABLE meta.linkage_state")
    second = linked(shared.warehouse, declared(shared.warehouse))
    for one, other in zip(first, second, strict=True):
        pd.testing.assert_frame_equal(one, other, check_dtype=False)


def test_lists_are_linked_once_and_again_only_after_a_change(shared) -> None:
    warehouse = shared.warehouse
    linked(warehouse, declared(warehouse))
    marked = warehouse.read("SELECT * FROM core.list_pair").assign(band="KEPT")
    warehouse.replace("core.list_pair", marked, "Shows whether it is read again.")
    assert set(linked(warehouse, declared(warehouse)).pairs["band"]) == {"KEPT"}
    other = model().model_copy(update={"seed": 28})
    assert "KEPT" not in set(linked(warehouse, other).pairs["band"])


def test_a_rule_of_too_many_pairs_is_refused_and_the_rest_goes_on(shared) -> None:
    rows = listed_rows(shared.warehouse, model())
    tight = model().limits.model_copy(update={"pairs_per_rule": 200})
    plan = planned(rows, model().model_copy(update={"limits": tight}))
    items = pd.DataFrame(plan.items)
    rules = items[items["item"].eq("BLOCKING")]
    assert set(rules.loc[rules["value"].gt(200), "state"]) == {"REFUSED"}
    told = rules.loc[rules["state"].eq("REFUSED") & rules["value"].gt(200), "reason"]
    assert told.str.fullmatch(r"\d+ pairs; from 1 to \d+ can be borne").all()
    assert plan.blocking


def test_rules_together_make_no_more_pairs_than_declared(shared) -> None:
    rows = listed_rows(shared.warehouse, model())
    tight = model().limits.model_copy(update={"pairs_in_all": 300})
    plan = planned(rows, model().model_copy(update={"limits": tight}))
    assert 0 < sum(pairs_made(rows, rule) for rule in plan.blocking) <= 300


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"rows_per_list": 10**6}, "0 lists are long enough, 2 needed"),
        ({"sure_pairs": 10**6}, "pairs are nearly sure, at least 1000000 needed"),
        ({"training_pairs": 10**6}, "no training rule has enough pairs"),
        ({"pairs_per_rule": 1}, "no training rule has enough pairs"),
    ],
)
def test_a_model_that_cannot_be_learnt_is_refused_with_the_reason(
    shared, change, reason
) -> None:
    rows = listed_rows(shared.warehouse, model())
    limits = model().limits.model_copy(update=change)
    plan = planned(rows, model().model_copy(update={"limits": limits}))
    assert plan.is_refused
    assert reason in str(plan.items[-1]["reason"])


def test_a_field_that_one_list_alone_supplies_is_not_compared(shared) -> None:
    rows = listed_rows(shared.warehouse, model())
    rows["sex"] = rows["sex"].where(rows["list_id"].eq("ngo_list"))
    plan = planned(rows, model())
    assert "sex" not in {one.comparison for one in plan.comparisons}
    assert "fewer than two lists supply it" in {item["reason"] for item in plan.items}


def test_lists_of_two_countries_share_no_complaint(bench) -> None:
    declare_lists(bench.warehouse)
    sources = bench.warehouse.read("SELECT * FROM meta.source")
    sources["ref_area"] = np.where(sources["source_id"].eq("npm_list"), "KG", "KZ")
    bench.warehouse.replace("meta.source", sources, "Sources.")
    found = linked(bench.warehouse, declared(bench.warehouse)).members
    areas = found.groupby("entity_no")["ref_area"].nunique()
    assert areas.max() == 1
    declare_lists(bench.warehouse)


def test_the_clerical_sample_shows_no_row_and_no_value(shared) -> None:
    sample = shared.build("clerical_sample").frame
    levels = {level.level for one in model().comparisons for level in one.levels}
    assert set(sample["level"]) <= levels | {"OTHER", "UNKNOWN"}
    assert sample["pair"].str.fullmatch(r"\d{4}").all()
    told = ("person_key", "event_from", "received_on", "facility_key", "region",
            "accused_body", "allegations", "source_id", "complaint_id")  # fmt: skip
    seen = {str(row[name]) for row in MADE.rows for name in told if row[name]}
    texts = sample.drop(columns=["ref_area", "time_period"]).astype("str")
    assert not set(texts.to_numpy().ravel()) & (seen | set(MADE.complaint))


def test_what_the_model_learnt_are_probabilities_of_each_comparison(shared) -> None:
    frame = shared.build("linkage_model").frame
    levels = frame[frame["item"].eq("LEVEL") & frame["state"].eq("USED")]
    whole = levels.groupby("name")[["m_probability", "u_probability"]].sum()
    assert (whole <= 1.001).all(axis=None)
    assert (levels["m_probability"] > 0).all()
    person = levels[levels["name"].eq("person")].set_index("level")["match_weight"]
    assert person["SAME"] > 5
    assert person["OTHER"] < 0


WRONG = {
    "an unknown key": {"surname": 1},
    "a rule on a range": {"blocking": [["born"]]},
    "thresholds crossed": {"thresholds": {"match": 0.5, "clerical": 0.9}},
    "a training rule that no comparison has alone": {"training": [["region"]]},
    "a source in two lists": {"lists": {"A": ["x"], "B": ["x"]}},
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_model_is_refused(body) -> None:
    known = model().model_dump(mode="json") | body
    with pytest.raises(ValueError, match="validation error"):
        Linkage.model_validate(known)


def test_a_workspace_may_have_a_model_of_its_own(tmp_path) -> None:
    builtin = (REPOSITORY / "schemas" / "linkage.yml").read_text(encoding="utf-8")
    own = tmp_path / "schemas" / "linkage.yml"
    own.parent.mkdir()
    own.write_text(builtin.replace("seed: 27", "seed: 5"), encoding="utf-8")
    assert read_linkage(Workspace(tmp_path)).seed == 5
    own.write_text(builtin.replace("seed: 27", "sead: 5"), encoding="utf-8")
    with pytest.raises(DeclarationError, match="did you mean 'seed'"):
        read_linkage(Workspace(tmp_path))


def test_every_name_in_the_release_has_its_code(shared, lists) -> None:
    frame = shared.build("linkage_model").frame
    assert set(frame["item"]) <= lists["linkage_item"].codes
    assert set(frame["state"]) <= lists["linkage_state"].codes
    overlap = shared.build("overlap").frame
    assert set(overlap["state"]) == lists["overlap_state"].codes
    assert set(overlap["method"]) <= lists["link_method"].codes
    assert (
        set(shared.build("clerical_sample").frame["band"]) <= lists["link_band"].codes
    )


def test_what_is_lent_to_a_library_is_its_own_and_leaves_nothing(bench) -> None:
    folder = bench.warehouse.path.parent
    before = {path.name for path in folder.iterdir()}
    with bench.warehouse.lent() as connection:
        settings = "SELECT current_setting('threads'), current_setting('{}')"
        network = settings.format("autoinstall_known_extensions")
        assert connection.execute(network).fetchone() == (1, False)
        connection.execute("CREATE TABLE core_of_mine AS SELECT 1 AS one")
        assert not bench.warehouse.has("main.core_of_mine")
    assert {path.name for path in folder.iterdir()} == before
