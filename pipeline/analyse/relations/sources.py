"""What each source is, and what a missing code means in it.

In here: `temp_source`, which every relation joins, and the gaps of what links lead to.
Not in here: the relations.
"""

from pipeline.analyse.relations.parts import gaps

SUPPLIED = {
    "complaints": (
        *("deprived_of_liberty", "place_of_custody", "place_of_act", "accused_body"),
        *("sex", "custody_status", "citizenship", "region", "allegations", "purpose"),
        *("withdrawal_reason", "withdrawn_on", "reprisal_reported"),
        *("age_at_event", "birth_year"),
    ),
    "checks": ("checking_body", "outcome"),
    "investigations": ("step", "body", "charge", "ground"),
    "prosecutions": (
        *("accused_body", "charge_registered", "charge_indicted", "charge_verdict"),
        *("court_outcome", "final"),
    ),
    "sentences": ("charge", "penalty", "suspended"),
}
"""Columns of the registers that relations show, each as `<register>_<column>`."""
LINKED = {
    "check": ("accused_body", "facility_type"),
    "held": ("accused_body", "facility_type", "charge"),
    "person_place": ("facility_type",),
    "person": ("investigating_body", "last_known"),
    "sentence": ("accused_body", "final", "investigating_body"),
}
"""The same for what links lead to: columns of `temp_<table>`."""


def columns_of_gaps(name: str, columns: tuple[str, ...]) -> str:
    """Return SQL for the gaps of one table; a source without rows supplies nothing."""
    return ", ".join(
        f"coalesce(of_{name}.{name}_{column}, '_X') AS {name}_{column}"
        for column in columns
    )


def all_registers() -> str:
    """Return SQL for one row for each source with the gaps of all registers."""
    shown = [columns_of_gaps(name, columns) for name, columns in SUPPLIED.items()]
    joined = [
        f"LEFT JOIN ({gaps(f'core.{name}', columns, name)}) of_{name} USING (source_id)"
        for name, columns in SUPPLIED.items()
    ]
    return (
        f"SELECT s.source_id, s.ref_area, s.synthetic, {', '.join(shown)} "
        f"FROM meta.source s {' '.join(joined)}"
    )


def source(*linked: str) -> str:
    """Return SQL for the sources, with the gaps of what links lead to.

    Args:
        linked: names in `LINKED`.
    """
    shown = [columns_of_gaps(name, LINKED[name]) for name in linked]
    joined = [
        f"LEFT JOIN temp_gap_{name} of_{name} USING (source_id)" for name in linked
    ]
    return (
        f"(SELECT {', '.join(['s.*', *shown])} FROM temp_source s {' '.join(joined)}) o"
    )


PREPARED = {"temp_source": all_registers()}
PREPARED_LAST = {
    f"temp_gap_{name}": gaps(f"temp_{name}", columns, name)
    for name, columns in LINKED.items()
}
