"""`promptness`: days from step to step, with matters that are still open.

In here: durations counted by group, and the published rows. Not in here: between which
dates (`matter_days.py`), the estimates (`survival.py`).

Only dates known to the day give a duration. Others are counted in rows of their own,
and so are durations below zero, which contradict themselves.
"""

from collections.abc import Iterable

import pandas as pd

from pipeline.analyse.aggregate import NEVER_SUPPLIED, supplying
from pipeline.analyse.disclosure import OutTable
from pipeline.analyse.followed import UNTIL
from pipeline.analyse.matter_days import MATTERS, PREPARED, SEEN
from pipeline.analyse.survival import OPEN, at_horizons, life_table, naive, quantiles
from pipeline.analyse.traces import Traced, by_leaves
from pipeline.declarations.promptness import Promptness, Step, read_promptness
from pipeline.declarations.tables import TableSpec
from pipeline.errors import DeclarationError
from pipeline.lineage import stable_ids
from pipeline.model import NOT_APPLICABLE, TOTAL, UNKNOWN
from pipeline.warehouse import Warehouse, quoted
from schemas.registers import REGISTERS

USED, NOT_DATED, NEGATIVE, ANY = "USED", "NOT_DATED", "NEGATIVE", "ANY"
COUNTS = {
    "MATTERS": ANY,
    "ENDED": USED,
    "STILL_WAITING": USED,
    NOT_DATED: NOT_DATED,
    NEGATIVE: NEGATIVE,
}
"""Measure → the matters that it rests on; all others rest on those used."""
QUANTILES = {"KM_MEDIAN": 0.5, "KM_P90": 0.9}
STATUS = {"": "A", "low": "U", "note": "O", "x": "M", "z": "M"}
ESTIMATED = ("low", "high", "at_risk", "size")
GROUP = ["step", "source_id", "handling_body", "time_period"]
SPLIT = [*GROUP, "state"]

# Until when the ends of a step would be seen: the last day of the source where it has
# the register of the ends itself, else the latest one of the sources that lead to it.
FOLLOWED = f"""
SELECT step, s.source_id, {UNTIL}
FROM ({{told}}) s LEFT JOIN cutoff c ON c.source_id = s.seen_in GROUP BY ALL
"""
# Open until then, or until handed on (a finish without a kind). A matter that began
# later has waited no day that is known.
READ_DAYS = """
SELECT '{step}' AS step, m.source_id, handling_body,
    CASE WHEN start.day IS NULL OR start.precision = 'UNKNOWN' THEN '_U'
        ELSE year(start.day)::VARCHAR END AS time_period,
    coalesce(finish.kind, '') AS "end",
    CASE WHEN finish.kind IS NULL
            THEN coalesce(finish.day, greatest(f.last_day, start.day))
        ELSE finish.day END::DATE - start.day::DATE AS days,
    start.precision IS NOT DISTINCT FROM 'DAY' AND start.day IS NOT NULL
        AND (finish.precision IS NOT DISTINCT FROM 'DAY' AND finish.day IS NOT NULL
            OR finish.kind IS NULL AND finish.day IS NULL) AS is_dated,
    [start.no, finish.no] AS records
FROM ({matters}) m LEFT JOIN followed f
    ON f.step = '{step}' AND f.source_id = m.source_id
"""
READ_COUNTS = f"""
SELECT {", ".join(GROUP)}, "end", CASE WHEN state = 'USED' THEN days END AS days, state,
    count(*) AS n, list_filter(flatten(list(records)), r -> r IS NOT NULL) AS records
FROM (
    SELECT *, CASE WHEN NOT is_dated THEN '{NOT_DATED}' WHEN days < 0 THEN '{NEGATIVE}'
        ELSE '{USED}' END AS state
    FROM ({{days}})
) GROUP BY ALL
"""


def build_promptness(warehouse: Warehouse, spec: TableSpec) -> OutTable:
    """Return durations of every declared step, by source, body and year of the start.

    Raises:
        DeclarationError: a declared step is not one that can be measured.
    """
    rules = read_promptness()
    count_days(warehouse, rules)
    counts = warehouse.read("SELECT * EXCLUDE (records) FROM matter_count")
    parts = [
        of_step(with_totals(counts[counts["step"] == name], step), step, rules)
        for name, step in rules.steps.items()
    ]
    frame = published(warehouse, spec, pd.concat(parts, ignore_index=True), rules)
    traced = trace(warehouse, spec, frame)
    return OutTable(spec, frame[list(spec.columns)], *traced)


def count_days(warehouse: Warehouse, rules: Promptness) -> None:
    """Make `matter_count`: how many matters of each group ended after how many days."""
    if unknown := sorted({*rules.steps} - {*MATTERS}):
        raise DeclarationError(
            f"promptness.yml: {', '.join(unknown)} cannot be measured; "
            f"known are {', '.join(MATTERS)}"
        )
    for name, sql in PREPARED.items():
        warehouse.make_temporary(name, sql)
    told = " UNION ".join(
        f"SELECT {quoted(step)} AS step, * FROM ({sql})" for step, sql in SEEN.items()
    )
    warehouse.make_temporary("followed", FOLLOWED.format(told=told))
    days = (READ_DAYS.format(step=name, matters=MATTERS[name]) for name in rules.steps)
    warehouse.make_temporary(
        "matter_count", READ_COUNTS.format(days=" UNION ALL ".join(days))
    )


def with_totals(counts: pd.DataFrame, step: Step) -> pd.DataFrame:
    """Return counts by body, where it is known, and year, and again with totals."""
    bodies = counts.assign(handling_body=TOTAL)
    both = pd.concat([counts, bodies]) if step.by_body == "YES" else bodies
    return pd.concat([both, both.assign(time_period=TOTAL)], ignore_index=True)


def of_step(counts: pd.DataFrame, step: Step, rules: Promptness) -> pd.DataFrame:
    """Return every measure of one step, long, with the interval and those at risk."""
    number = counts.groupby(GROUP, sort=True).ngroup().rename("group")
    counts = counts.assign(group=number, unit_measure=step.unit)
    groups = counts.drop_duplicates("group").set_index("group")
    used = counts[counts["state"] == USED]
    parts = [measured(counts, name) for name in COUNTS]
    if len(used):
        parts += estimates(used.astype({"days": "int64"}), step.ends, rules)
    long = pd.concat(parts, ignore_index=True)
    return long.join(groups[[*GROUP, "unit_measure"]], on="group")


def measured(counts: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return how many matters of each group are counted by one measure."""
    state = COUNTS[measure]
    chosen = counts if state == ANY else counts[counts["state"] == state]
    if measure in ("ENDED", "STILL_WAITING"):
        chosen = chosen[chosen["end"].eq(OPEN) == (measure == "STILL_WAITING")]
    number = chosen.groupby("group")["n"].sum()
    number = number.reindex(counts["group"].unique(), fill_value=0)
    return told(number.rename("value").to_frame(), measure)


def told(values: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return values by group as rows of one measure."""
    rows = values.reset_index(names="group")
    return rows.assign(measure=measure, end=TOTAL, horizon=NOT_APPLICABLE)


def estimates(
    used: pd.DataFrame, ends: Iterable[str], rules: Promptness
) -> list[pd.DataFrame]:
    """Return what is estimated of the matters used, one frame for each measure."""
    names = list(ends)
    table = life_table(used, names)
    groups = pd.Index(used["group"].unique(), name="group")
    plain = naive(used).reindex(groups)
    shares = at_horizons(table, names, rules.horizons, rules.level)
    columns = ["value", "low", "high"]
    shares[columns] = 100 * shares[columns]
    shares["horizon"] = shares["horizon"].astype("str")
    shares["measure"] = "INCIDENCE"
    shares.loc[shares["end"] == OPEN, ["measure", "end"]] = ["STILL_OPEN", TOTAL]
    found = [
        told(quantiles(table, share, rules.level), name)
        for name, share in QUANTILES.items()
    ]
    size = used.groupby("group")["n"].sum()
    found = [one.assign(size=one["group"].map(size)) for one in [*found, shares]]
    return [
        *found,
        told(plain[["median"]].rename(columns={"median": "value"}), "NAIVE_MEDIAN"),
        told(plain[["mean"]].rename(columns={"mean": "value"}), "NAIVE_MEAN"),
    ]


def published(
    warehouse: Warehouse, spec: TableSpec, rows: pd.DataFrame, rules: Promptness
) -> pd.DataFrame:
    """Return measures with the columns that every table of `out` has.

    What the data do not reach has no value: it is not zero and was not left out by
    anybody.
    """
    sources = warehouse.read("SELECT source_id, ref_area, synthetic FROM meta.source")
    frame = rows.merge(sources, on="source_id")
    lacking = [name for name in ESTIMATED if name not in frame]
    frame = frame.assign(**dict.fromkeys(lacking, float("nan")))
    is_share = frame["measure"].isin(["INCIDENCE", "STILL_OPEN"])
    is_days = frame["measure"].str.startswith(("KM_", "NAIVE_"))
    unit = frame["unit_measure"].mask(is_share, "PERCENT").mask(is_days, "DAY")
    # What a source never supplies is no body that is unknown.
    lacks = frame["handling_body"].eq(NEVER_SUPPLIED)
    frame["handling_body"] = frame["handling_body"].mask(lacks, UNKNOWN)
    lacks |= ~ends_seen(warehouse, frame) & frame["measure"].ne("MATTERS")
    frame["value"] = frame["value"].mask(lacks)
    empty = frame["value"].isna()
    of_none = empty & frame["measure"].str.startswith("NAIVE_")
    # Nobody at risk beside a value: all had ended by then.
    few = frame["at_risk"].between(1, rules.low_below - 1)
    weak = ~empty & (few | frame["size"].lt(rules.low_below))
    mark = empty.map({True: "note", False: ""}).mask(of_none, "z").mask(weak, "low")
    mark = mark.mask(lacks, "x")
    frame = frame.assign(
        unit_measure=unit,
        obs_value=frame["value"],
        mark=mark.astype("str"),
        obs_status=mark.map(STATUS).astype("str"),
        conf_status="F",
        freq=frame["time_period"].str.fullmatch(r"\d{4}").map({True: "A", False: "N"}),
        rests_on=frame["measure"].map(COUNTS).fillna(USED),
    )
    frame = with_limits(frame, rules)
    identity = ["source_id", "ref_area", "time_period", *spec.dimensions]
    frame["cell_id"] = stable_ids(frame[identity], spec.table)
    return frame.sort_values(identity, ignore_index=True)


def ends_seen(warehouse: Warehouse, frame: pd.DataFrame) -> pd.Series:
    """Return of which rows the source could have told the end of a wait.

    Where nobody supplies the register in which a wait ends, nobody waits for ever.
    """
    seen = warehouse.read("SELECT step || source_id AS pair FROM followed")
    return (frame["step"] + frame["source_id"]).isin(seen["pair"])


def with_limits(frame: pd.DataFrame, rules: Promptness) -> pd.DataFrame:
    """Return rows with the limit that the law sets, where its text has been seen.

    A limit is shown of years in which it held from the first day to the last.
    """
    frame = frame.assign(limit_days=float("nan"), limit_article="")
    first, last = frame["time_period"] + "-01-01", frame["time_period"] + "-12-31"
    is_year = frame["freq"] == "A"
    for limit in rules.limits:
        holds = is_year & frame["step"].eq(limit.step) & first.ge(limit.valid_from)
        holds &= last.le(limit.valid_to or "9999")
        if limit.status == "V":
            frame.loc[holds, "limit_days"] = float(limit.days)
            frame.loc[holds, "limit_article"] = limit.article
    return frame


def trace(warehouse: Warehouse, spec: TableSpec, frame: pd.DataFrame) -> Traced:
    """Keep the traces: a cell rests on the first and last dates of its matters."""
    keys = ", ".join(SPLIT)
    warehouse.make_temporary(
        "matter_leaf",
        f"SELECT row_number() OVER (ORDER BY {keys}) AS leaf_no, * FROM (SELECT {keys},"
        f" flatten(list(records)) AS records FROM matter_count GROUP BY {keys})",
    )
    cells = frame[["cell_id", *GROUP, "rests_on"]]
    with warehouse.registered(cells):
        warehouse.make_temporary(
            "matter_cell",
            "WITH by_body AS (SELECT * EXCLUDE (handling_body, records), "
            f"unnest(list_distinct([handling_body, {quoted(TOTAL)}])) AS handling_body "
            "FROM matter_leaf), by_year AS (SELECT * EXCLUDE (time_period), "
            f"unnest([time_period, {quoted(TOTAL)}]) AS time_period FROM by_body), "
            f"by_state AS (SELECT * EXCLUDE (state), unnest([state, {quoted(ANY)}]) "
            "AS rests_on FROM by_year) "
            "SELECT cell_id, leaves FROM incoming JOIN (SELECT step, source_id, "
            "handling_body, time_period, rests_on, list(leaf_no) AS leaves "
            "FROM by_state GROUP BY ALL) "
            "USING (step, source_id, handling_body, time_period, rests_on)",
        )
    return by_leaves(
        warehouse,
        spec,
        "SELECT cell_id, leaves FROM matter_cell",
        "SELECT leaf_no, records FROM matter_leaf",
        # The end of a wait may come through a link from another source.
        supplying(warehouse, [record.name for record in REGISTERS]),
    )
