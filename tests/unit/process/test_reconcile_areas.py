"""Rules compare the figures of the countries they were made for, one at a time."""

import pytest
from pydantic import ValidationError
from small_figures import COMPLAINTS, LISTS, PERSONS, RULES, fig, found, run, tried

from pipeline.declarations.reconciliation import Jumps, check_rules
from pipeline.errors import DeclarationError

CHAPTER = [("t", {}), ("a", {"charge": "CC14-146"}), ("b", {"charge": "CC14-HOME"})]
CONVICTED = {**PERSONS, "indicator": "CONVICTED_PERSON"}
PROSECUTED = {**PERSONS, "indicator": "PROSECUTED_PERSON"}
TWICE = [fig("x", 4, COMPLAINTS), fig("y", 9, COMPLAINTS, stated_by="GPO")]


def abroad(*figures, area="IN"):
    """Return the same figures of another country."""
    return [{**one, "ref_area": area} for one in figures]


def test_a_rule_about_stages_leaves_other_countries_alone():
    above = [fig("c", 5, CONVICTED), fig("p", 3, PROSECUTED)]
    assert found("SUBSET_ABOVE_SET", above) == ["c;p"]
    assert found("SUBSET_ABOVE_SET", abroad(*above)) == []


def test_no_sum_of_one_country_is_tried_on_anothers_figures():
    parts = [fig(n, v, more) for (n, more), v in zip(CHAPTER, (10, 7, 3), strict=True)]
    assert tried(parts) == [("ADDS_UP", 0)]
    assert tried(abroad(*parts)) == []


def test_a_rule_of_arithmetic_holds_everywhere():
    assert found("SAME_QUANTITY", TWICE) == found("SAME_QUANTITY", abroad(*TWICE))


def test_figures_of_two_countries_are_never_compared():
    one, other = TWICE
    assert run([one, *abroad(other)]).conflicts.empty


def test_persons_decided_again_are_those_of_one_country():
    first = fig("f", 12, PERSONS, matter="ATBASAR")
    again = fig("g", 10, PERSONS, matter="ATBASAR", instance="APPEAL")
    pair = run([first, again]).conflicts.query("kind == 'REPEAT_OUTCOME'")
    assert list(pair["figure_ids"]) == ["g;f"]
    alone = run([*abroad(first), again]).conflicts.query("kind == 'REPEAT_OUTCOME'")
    assert list(alone["figure_ids"]) == ["g"]


def test_a_break_of_one_country_explains_no_change_in_another():
    years = [
        fig("a", 60, COMPLAINTS, start="2011-01-01", end="2011-12-31"),
        fig("b", 600, COMPLAINTS, start="2012-01-01", end="2012-12-31"),
    ]
    everywhere = RULES.jumps.model_copy(update={"ref_area": ("*",)})
    rules = RULES.model_copy(update={"jumps": everywhere})
    causes = [
        run(figures, rules=rules).conflicts["likely_cause"].item()
        for figures in (years, abroad(*years))
    ]
    assert ["Declared breaks" in cause for cause in causes] == [True, False]


def jump_rule(**told):
    """Return the rule about jumps with something else declared."""
    return Jumps.model_validate({**RULES.jumps.model_dump(), **told})


def test_a_rule_must_say_for_which_countries_it_is():
    body = RULES.jumps.model_dump()
    del body["ref_area"]
    with pytest.raises(ValidationError, match="ref_area"):
        Jumps.model_validate(body)
    for wrong in ((), ("*", "KZ")):
        with pytest.raises(ValidationError, match="ref_area"):
            jump_rule(ref_area=wrong)


def test_a_country_that_is_none_stops_the_run():
    rules = RULES.model_copy(update={"jumps": jump_rule(ref_area=("XX",))})
    with pytest.raises(DeclarationError, match=r"jump_in_series: 'XX' .*'ref_area'"):
        check_rules(rules, LISTS)
