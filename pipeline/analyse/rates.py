"""`rates`: counts of a register per 1,000 persons of a published figure.

In here: dividing what `schemas/rates.yml` declares. Not in here: the counts
(`aggregate.py`) and the figures themselves.

Each denominator gives a rate of its own: several parties are never averaged. A year
without one has no rate and says so.
"""

import pandas as pd

from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.traces import by_pairs
from pipeline.declarations.rates import Denominator, Numerator, Rate, read_rates
from pipeline.declarations.tables import TableSpec
from pipeline.lineage import stable_ids
from pipeline.model import NOT_APPLICABLE, TOTAL
from pipeline.warehouse import Warehouse, checked_name
from schemas.figures import DIMENSIONS
from schemas.outputs import LEADING, TRAILING

SHARED = ["ref_area", "time_period", "place_of_custody"]
"""A count and a figure belong together where all three are the same."""


def build_rates(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return every declared rate, by source, year, place and denominator."""
    parts = [of_rate(warehouse, name, one) for name, one in read_rates().items()]
    frame = pd.concat(parts, ignore_index=True)
    identity = ["source_id", "ref_area", "time_period", *spec.dimensions]
    frame["cell_id"] = stable_ids(frame[identity], spec.table)
    frame = frame.sort_values(identity, ignore_index=True)
    # Also of a row without a rate the numerator is told, and rests on its records.
    borrowed = frame[["cell_id", "numerator_table", "numerator_cell"]].set_axis(
        ["cell_id", "of_table", "of_cell"], axis=1
    )
    known = frame.loc[frame["obs_value"].notna(), ["cell_id", "record_id"]]
    traced = by_pairs(warehouse, spec, known, borrowed)
    return OutTable(spec, frame[list(spec.columns)], *traced)


def of_rate(warehouse: Warehouse, name: str, rate: Rate) -> pd.DataFrame:
    """Return one rate: a count over each figure that fits, and `x` where none does."""
    counted = numerators(warehouse, rate)
    stated = denominators(warehouse, rate.denominator)
    both = counted.merge(stated, on=SHARED, how="left")
    lacks = both["denominator"].isna()
    # That a place has no denominator is told once a year, by the total.
    both = both[~lacks | both["place_of_custody"].eq(TOTAL)]
    lacks = both["denominator"].isna()
    return both.assign(
        rate_kind=name,
        freq="A",
        unit_measure=f"{rate.numerator.unit}_PER_{rate.per}_{rate.denominator.unit}",
        obs_value=rate.per * both["numerator"] / both["denominator"],
        mark=lacks.map({True: "x", False: ""}).astype("str"),
        obs_status=lacks.map({True: "M", False: "A"}).astype("str"),
        conf_status="F",
        stated_by=both["stated_by"].fillna(NOT_APPLICABLE),
        figure_id=both["figure_id"].fillna(NOT_APPLICABLE),
        numerator_table=rate.numerator.table,
    )


def numerators(warehouse: Warehouse, rate: Rate) -> pd.DataFrame:
    """Return the counts of a rate, by source, year and place.

    Only of sources whose coverage allows a rate; of no count there is no rate.
    """
    told: Numerator = rate.numerator
    table = f"out.{checked_name(told.table)}"
    columns = warehouse.read(f"SELECT * FROM {table} LIMIT 0").columns
    others = [c for c in columns if c not in (*LEADING, *TRAILING, told.by)]
    wanted = {name: told.where.get(name, TOTAL) for name in others}
    fits = "".join(f" AND t.{checked_name(name)} = ?" for name in wanted)
    return warehouse.read(
        f"SELECT t.source_id, t.ref_area, t.synthetic, t.time_period, "
        f"t.{checked_name(told.by)} AS place_of_custody, t.obs_value AS numerator, "
        f"t.cell_id AS numerator_cell FROM {table} t "
        "JOIN meta.source s USING (source_id) WHERE t.obs_value IS NOT NULL "
        "AND regexp_full_match(t.time_period, '\\d{4}') AND t.unit_measure = ? "
        f"AND list_contains(?, s.coverage){fits}",
        [told.unit, [*rate.coverage], *wanted.values()],
    )


def denominators(warehouse: Warehouse, told: Denominator) -> pd.DataFrame:
    """Return the figures of a denominator that are of nothing but the place."""
    others = [field.name for field in DIMENSIONS if field.name != told.by]
    whole = "".join(f" AND {checked_name(name)} = '{TOTAL}'" for name in others)
    return warehouse.read(
        "SELECT ref_area, year(coalesce(period_end, period_start))::VARCHAR "
        f"AS time_period, {checked_name(told.by)} AS place_of_custody, stated_by, "
        "figure_id, record_id, value AS denominator, qualifier AS "
        "denominator_qualifier, strftime(coalesce(period_end, period_start), "
        "'%Y-%m-%d') AS denominator_day FROM core.figures WHERE indicator = ? "
        f"AND unit = ? AND list_contains(?, period_type) AND value > 0{whole}",
        [told.indicator, told.unit, [*told.period_types]],
    )
