"""Claims of sources about their own figures, and decisions that a reader declared."""

import pytest
from small_figures import (
    HOME,
    JANUARY,
    LATE,
    LATER,
    RULES,
    SHARE,
    YEAR_BEFORE,
    claim,
    fig,
    found,
    run,
)

from pipeline.declarations.reconciliation import DeclaredCase, Preference, read_rules
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace

TWO_VALUES = [fig("a", 63), fig("b", 766, stated_by="OMBUDSMAN")]
PAIR = [fig("b", 238), fig("l", 263, JANUARY, end="2022-12-31")]
FELL = [fig("b", 920, LATE), fig("l", 462, LATER)]


@pytest.mark.parametrize(
    ("kind", "figures", "said"),
    [
        ("PERCENTAGE_WRONG", PAIR, claim("CHANGE_PCT", "l;b", "9.5", word="at least")),
        ("PERCENTAGE_WRONG", PAIR, claim("TIMES", "l;b", "2")),
        ("PERCENTAGE_WRONG", PAIR, claim("RATIO", "b;l", "50")),
        ("RANGE_CLAIM", PAIR, claim("RANGE", "b;l", "200", "250")),
        ("SUBSET_ABOVE_SET", PAIR, claim("PART_OF", "l;b")),
        (
            "UNIT_CONFLICT",
            [PAIR[0], fig("l", 9, unit="VISIT")],
            claim("PART_OF", "b;l"),
        ),
        ("PERIOD_BASIS", PAIR, claim("EXAMPLE_DATE", "b", "2011-09-14")),
        ("SERIES_BREAK", FELL, claim("CHANGE_PCT", "l;b", "-50")),
        (
            "UNIT_CONFLICT",
            [fig("b", 9, unit_as_stated="case")],
            claim("UNIT_WORD", "b", word="person"),
        ),
    ],
)
def test_a_claim_that_its_figures_do_not_bear_out_is_found(kind, figures, said):
    conflicts = run(figures, said).conflicts
    [row] = conflicts[conflicts["kind"] == kind].itertuples()
    # It rests on the claim too, so that what is claimed can be traced to its cell.
    assert row.record_ids.split(";")[-1] == "rC"


@pytest.mark.parametrize(
    ("kind", "figures", "said"),
    [
        ("PERCENTAGE_WRONG", PAIR, claim("CHANGE_PCT", "l;b", "10.5")),
        ("PERCENTAGE_WRONG", FELL, claim("TIMES", "l;b", "2", word="almost")),
        ("RANGE_CLAIM", PAIR, claim("RANGE", "b;l", "200", "300")),
        ("SUBSET_ABOVE_SET", PAIR, claim("PART_OF", "b;l")),
        ("PERIOD_BASIS", PAIR, claim("EXAMPLE_DATE", "b", "2020-09-14")),
        (
            "SERIES_BREAK",
            [fig("b", 9, YEAR_BEFORE), fig("l", 5)],
            claim("CHANGE_PCT", "l;b", "-44"),
        ),
        ("RANGE_CLAIM", PAIR, claim("RANGE", "gone", "1", "2")),
    ],
)
def test_a_claim_that_holds_is_no_conflict(kind, figures, said):
    assert found(kind, figures, said) == []


def test_a_percentage_that_is_called_by_two_words_rests_on_both_claims():
    said = [claim("UNIT_WORD", "b", word=word) for word in ("cases", "persons")]
    said[1]["record_id"] = "rD"
    conflicts = run([fig("b", 9, SHARE)], *said).conflicts
    assert "RATIO_BASE" in set(conflicts["kind"])
    assert set(conflicts["record_ids"]) == {"rb;rC;rD"}


def test_a_percentage_on_the_other_base_is_explained():
    said = claim("CHANGE_PCT", "l;b", "9.5")
    [cause] = run(PAIR, said).conflicts.query("kind == 'PERCENTAGE_WRONG'")[
        "likely_cause"
    ]
    assert cause == RULES.claims.likely_cause_wrong_base


def test_a_party_preferred_by_declaration_comes_first():
    choice = Preference(
        indicator="REGISTERED_CASE", stated_by=("OMBUDSMAN",), reason="why"
    )
    rules = RULES.model_copy(update={"preferences": (choice,)})
    row = run(TWO_VALUES, rules=rules).conflicts.iloc[0]
    assert (row["first_figure"], row["decision"], row["reason"]) == (
        "b",
        "PREFERRED",
        "why",
    )


def declared(*figures):
    return DeclaredCase(
        id="case",
        kind="SAME_QUANTITY",
        source="test",
        figures=figures,
        likely_cause="cause",
        decision="DECLARED",
        reason="why",
    )


def test_a_declared_case_decides_what_a_rule_found():
    rules = RULES.model_copy(update={"declared": (declared("a", "b"),)})
    [row] = run(TWO_VALUES, rules=rules).conflicts.itertuples()
    assert (row.found_by, row.decision, row.reason) == ("RULE", "DECLARED", "why")


def test_a_declared_case_that_no_rule_sees_is_on_record():
    rules = RULES.model_copy(update={"declared": (declared("a", "b"),)})
    [row] = run([fig("a", 2), fig("b", 1, HOME)], rules=rules).conflicts.itertuples()
    assert (row.found_by, row.figure_ids) == ("DECLARED", "a;b")


def test_a_declared_case_whose_figure_is_gone_stops_the_run():
    rules = RULES.model_copy(update={"declared": (declared("a", "gone"),)})
    with pytest.raises(DeclarationError, match="gone is not among the accepted"):
        run([fig("a", 1)], rules=rules)


def test_no_figures_give_no_findings():
    both = run([])
    assert both.identities.empty
    assert both.conflicts.empty


def rules_with(tmp_path, old, new):
    """Return the rules of a workspace whose own file differs in one place."""
    text = (REPOSITORY / "schemas" / "reconciliation.yml").read_text(encoding="utf-8")
    assert old in text
    own = tmp_path / "schemas" / "reconciliation.yml"
    own.parent.mkdir()
    own.write_text(text.replace(old, new, 1), encoding="utf-8")
    return read_rules(Workspace(tmp_path))


def test_a_workspace_may_have_its_own_rules(tmp_path):
    assert rules_with(tmp_path, "times: 5", "times: 3").jumps.times == 3


def test_an_unknown_key_of_the_rules_stops_the_run(tmp_path):
    with pytest.raises(DeclarationError, match="did you mean 'least_value'"):
        rules_with(tmp_path, "least_value: 50", "least_valu: 50")


def test_a_sum_without_parts_is_refused(tmp_path):
    with pytest.raises(DeclarationError, match="name `by`, or both"):
        rules_with(tmp_path, "    by: gravity\n", "")


def test_an_unknown_code_in_a_rule_stops_the_run(tmp_path):
    rules = rules_with(tmp_path, "rates: [ANNUAL_RATE]", "rates: [YEARLY]")
    with pytest.raises(DeclarationError, match="'YEARLY' is not in the code list"):
        run([fig("a", 1)], rules=rules)


def test_an_unknown_dimension_in_a_rule_stops_the_run(tmp_path):
    rules = rules_with(tmp_path, "by: gravity", "by: gravitas")
    with pytest.raises(DeclarationError, match="'gravitas' is not a dimension"):
        run([fig("a", 1)], rules=rules)
