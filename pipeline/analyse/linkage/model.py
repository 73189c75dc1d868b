"""The probabilistic model: estimated without labels, refused where it cannot be.

In here: its parameters, and the pairs it scores. Not in here: what the data can bear
(`plan.py`), SQL of the levels (`rules.py`), groups of rows (`entities.py`).

Source of the method: Fellegi and Sunter (1969); the probabilities of agreement among
matches by expectation and maximisation, those among others from a random sample of
pairs, as splink 5 implements them (Linacre and others, Int. J. Population Data Science
7(3), 2022).
"""

import logging
import math
from typing import Any, NamedTuple

import pandas as pd

from pipeline.analyse.linkage.plan import (
    NOT_OBSERVED,
    REFUSED,
    USED,
    Plan,
    planned,
    told,
)
from pipeline.analyse.linkage.rules import (
    NULL,
    OTHER,
    columns_of,
    level_sql,
    untold_sql,
)
from pipeline.declarations.linkage import Comparison, Linkage
from pipeline.warehouse import Warehouse

ITEMS = {
    "item": "str", "name": "str", "level": "str", "value": "float64",
    "m_probability": "float64", "u_probability": "float64", "match_weight": "float64",
    "state": "str", "reason": "str",
}  # fmt: skip
PAIRS = {"row_l": "int64", "row_r": "int64", "weight": "float64",
         "probability": "float64", "agreement": "str"}  # fmt: skip
M, U = "m_probability", "u_probability"
DIGITS = 6
PART, SAYS = ";", ":"
"""Between the comparisons of a pair, and between a comparison and its level."""


class Scored(NamedTuple):
    """Pairs at or above the lower threshold, and what is to be said of the model."""

    pairs: pd.DataFrame
    items: pd.DataFrame


def score(warehouse: Warehouse, rows: pd.DataFrame, linkage: Linkage) -> Scored:
    """Return the pairs of rows that may be one complaint, with their weights.

    Where the data cannot bear a model there is no pair, and the items say why; nothing
    is guessed in its place.

    Args:
        warehouse: lends a database of its own for the work.
        rows: of one country, as `prepare.listed_rows` gives them.
        linkage: the declared model.
    """
    plan = planned(rows, linkage)
    items = [*plan.items]
    found = pd.DataFrame(columns=list(PAIRS))
    if not plan.is_refused:
        known = rows[rows["list_id"].isin(plan.lists)]
        found, estimated = run(warehouse, known, plan, linkage)
        items += estimated
    columns = {name: [item.get(name) for item in items] for name in ITEMS}
    return Scored(found.astype(PAIRS), pd.DataFrame(columns).astype(ITEMS))


def run(
    warehouse: Warehouse, rows: pd.DataFrame, plan: Plan, linkage: Linkage
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Estimate the model and return the pairs it finds, and its parameters."""
    # splink takes a second to load: only who links waits for it.
    from splink import DuckDBAPI, Linker  # noqa: PLC0415

    # Its messages name columns and levels of every build, which the table tells.
    logging.getLogger("splink").setLevel(logging.ERROR)
    with warehouse.lent() as connection:
        api = DuckDBAPI(connection)
        lists = rows.drop(columns="record_id").groupby(rows["list_id"], sort=True)
        inputs = [
            api.register(part, table_name=f"list_{number}")
            for number, (_, part) in enumerate(lists)
        ]
        linker = Linker(inputs, settings(plan), log_level=None)
        (train := linker.training).estimate_u_using_random_sampling(
            max_pairs=linkage.limits.sampled_pairs,
            seed=linkage.seed,
            min_count_per_level=None,
        )
        train.estimate_probability_two_random_records_match(
            [*map(block_on_all, plan.sure)], linkage.sure_recall
        )
        unsettled = [rule for rule in plan.training if not learns(train, rule)]
        if reason := not_learnt(plan, unsettled):
            refused = told("MODEL", "probabilistic", REFUSED, reason=reason)
            return pd.DataFrame(columns=list(PAIRS)), [refused]
        learnt = smoothed(linker.misc.save_model_to_json(), linkage.least)
        scored = Linker(inputs, model_of(learnt), log_level=None).inference.predict(
            threshold_match_probability=linkage.thresholds.clerical,
            warning_mode="never",
        )
        levels_of = ", ".join(f"gamma_{one.comparison}" for one in plan.comparisons)
        found = connection.execute(
            "SELECT row_no_l, row_no_r, match_weight, match_probability, "
            f"{levels_of} FROM {scored.physical_name}"
        ).df()
    return pairs_of(found, plan), parameters(learnt, plan)


def learns(training: Any, rule: tuple[str, ...]) -> bool:
    """Learn from the pairs of a rule; return whether the estimates settled.

    Where the pairs hold no two kinds, probabilities run to zero, which splink refuses.
    """
    try:
        training.estimate_parameters_using_expectation_maximisation(
            block_on_all(rule), estimate_without_term_frequencies=True
        )
    except ValueError:
        return False
    return True


def not_learnt(plan: Plan, unsettled: list[tuple[str, ...]]) -> str:
    """Return which comparisons no rule taught anything of; empty where none."""
    settled = [rule for rule in plan.training if rule not in unsettled]
    names = [
        one.comparison
        for one in plan.comparisons
        if all(columns_of(one) & set(rule) for rule in settled)
    ]
    return f"estimates did not settle for {', '.join(names)}" if names else ""


def block_on_all(rule: tuple[str, ...]) -> Any:
    """Return a rule as splink reads it: pairs that agree on all of its columns."""
    from splink import block_on  # noqa: PLC0415  (as above)

    return block_on(*rule)


def settings(plan: Plan) -> dict[str, Any]:
    """Return the model as splink reads it."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "row_no",
        "comparisons": [levels(one) for one in plan.comparisons],
        "blocking_rules_to_generate_predictions": [
            block_on_all(rule) for rule in plan.blocking
        ],
        # With these come the levels of each pair; the values stay where they are.
        "retain_matching_columns": True,
    }


def levels(one: Comparison) -> dict[str, Any]:
    """Return one comparison as splink reads it."""
    untold = {"sql_condition": untold_sql(one), "label_for_charts": NULL,
              "is_null_level": True}  # fmt: skip
    agree = [
        {"sql_condition": level_sql(level), "label_for_charts": level.level}
        for level in one.levels
    ]
    other = {"sql_condition": "ELSE", "label_for_charts": OTHER}
    return {
        "output_column_name": one.comparison,
        "comparison_levels": [untold, *agree, other],
    }


def smoothed(learnt: dict[str, Any], least: float) -> dict[str, Any]:
    """Return a learnt model in which no level is taken for impossible.

    Among matches a probability below `least` becomes `least` and the others of its
    comparison shrink with it; a level that no pair was in weighs nothing.

    Args:
        learnt: as splink writes it; changed in place.
        least: lowest probability of a level among matches.
    """
    for one in learnt["comparisons"]:
        levels = [x for x in one["comparison_levels"] if not x.get("is_null_level")]
        for level in levels:
            level["is_observed"] = bool(number(level, M) and number(level, U))
        whole = sum(max(number(level, M), least) for level in levels)
        for level in levels:
            level[M] = max(number(level, M), least) / whole
            if not level["is_observed"]:
                level[M] = level[U] = max(level[M], number(level, U))
    return learnt


def number(level: dict[str, Any], kind: str) -> float:
    """Return a probability of a level, 0 where none was learnt."""
    found = level.get(kind)
    return found if isinstance(found, float) else 0.0


def model_of(learnt: dict[str, Any]) -> dict[str, Any]:
    """Return a learnt model without what only this module notes in it."""
    comparisons = [
        one
        | {
            "comparison_levels": [
                {key: value for key, value in level.items() if key != "is_observed"}
                for level in one["comparison_levels"]
            ]
        }
        for one in learnt["comparisons"]
    ]
    return learnt | {"comparisons": comparisons}


def pairs_of(scored: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return pairs with the lower row number first, and their levels in one text."""
    said = [
        scored[f"gamma_{one.comparison}"].map(names_of(one)).astype("str")
        for one in plan.comparisons
    ]
    agreement = said[0].str.cat(pd.concat(said[1:], axis=1), sep=PART)
    numbers = scored[["row_no_l", "row_no_r"]]
    pairs = pd.DataFrame(
        {
            "row_l": numbers.min(axis=1),
            "row_r": numbers.max(axis=1),
            "weight": scored["match_weight"].round(DIGITS),
            "probability": scored["match_probability"].round(DIGITS),
            "agreement": agreement,
        }
    )
    return pairs.sort_values(["row_l", "row_r"], ignore_index=True)


def names_of(one: Comparison) -> dict[int, str]:
    """Return splink's number of a level → what it says; the strongest has the highest.

    What it says is the comparison and the level, such as "sex:SAME".
    """
    agree = {len(one.levels) - at: level.level for at, level in enumerate(one.levels)}
    named = {-1: NULL, 0: OTHER} | agree
    return {number: one.comparison + SAYS + name for number, name in named.items()}


def parameters(learnt: dict[str, Any], plan: Plan) -> list[dict[str, object]]:
    """Return the parameters of an estimated model, one item each."""
    prior = learnt["probability_two_random_records_match"]
    items = [told("PRIOR", "probability of a match", value=round(prior, DIGITS + 3))]
    for one, estimated in zip(plan.comparisons, learnt["comparisons"], strict=True):
        items += [
            parameter(one.comparison, level)
            for level in estimated["comparison_levels"]
            if not level.get("is_null_level")
        ]
    return items


def parameter(comparison: str, level: dict[str, Any]) -> dict[str, object]:
    """Return one level with its two probabilities and its weight."""
    m, u = level[M], level[U]
    is_observed = level["is_observed"]
    return told(
        "LEVEL",
        comparison,
        USED if is_observed else NOT_OBSERVED,
        level=level["label_for_charts"],
        m_probability=round(m, DIGITS),
        u_probability=round(u, DIGITS),
        match_weight=round(math.log2(m / u), DIGITS),
        reason="" if is_observed else "no pair was in this level: it weighs nothing",
    )
