"""Reported figures: one row is one number that somebody has published.

In here: the fields of a figure, of a claim (what a source says about its own
figures), of a document and of a code in a source's code book, and the pandera checks
that belong to them. Not in here: registers (`registers.py`).
"""

import pandas as pd
import pandera.pandas as pa

from schemas.fields import Field, Record, code, date, ids, key, number, span, text
from schemas.registers import in_order


def dimension(name: str, codelist: str, description: str) -> Field:
    """Return a dimension of a figure; a figure not broken down by it is a total."""
    return code(name, codelist, description, default="_T")


DIMENSIONS = (
    dimension("channel", "channel", "Where the complaints were made."),
    dimension("complainant_type", "complainant_type", "Who made the complaints."),
    dimension("deprived_of_liberty", "yes_no", "Whether complainants were detained."),
    dimension("facility_type", "facility_type", "Type of facility."),
    dimension("accused_body", "body", "Body accused."),
    dimension("investigating_body", "body", "Body that investigates."),
    dimension("charge", "charge", "Charge."),
    dimension("gravity", "gravity", "Gravity of the offence."),
    dimension("outcome", "figure_outcome", "Outcome counted."),
    dimension("ground", "ground", "Ground of the outcome."),
    dimension("region", "region", "Region."),
    dimension("penalty", "penalty", "Penalty."),
    dimension("victim_status", "victim_status", "Standing of the victims counted."),
    dimension("victim_group", "victim_group", "Group of victims counted."),
    dimension("cause", "cause", "Cause of death or injury."),
    dimension("definition", "definition", "What the source says it counts."),
    dimension("alleged", "definition", "What was alleged, beside the charge."),
    dimension("allegation", "allegation", "What was alleged or done, by kind of act."),
    dimension("sex", "sex", "Sex of the persons counted."),
    dimension("age_group", "age_group", "Age of the persons counted."),
    dimension("breakdown", "breakdown", "A breakdown that no other dimension holds."),
    dimension("matter", "matter", "The matter or events that the figure is about."),
    dimension("instance", "instance", "Instance of court."),
)

FIGURES = Record(
    "figures",
    "One row is one number that somebody has published or supplied as a total.",
    ("figure_id",),
    (
        key("figure_id", "Identifier of the figure, unique in its source."),
        code("indicator", "indicator", "What is counted.", required=True),
        code("ref_area", "ref_area", "Country.", required=True),
        date("period_start", "First day of the period.", required=True),
        date("period_end", "Last day of the period."),
        code("period_type", "period_type", "What sort of period.", required=True),
        *DIMENSIONS,
        span("term_months", "Term of the penalty in months."),
        ids("statement", "Which split of the same text the figure belongs to."),
        number("value", "The number; may be missing where a mark says why."),
        code(
            "obs_mark",
            "mark",
            "What the source marks the number with: revised, withheld …",
            multiple=True,
        ),
        code("unit", "unit", "What one of the number is.", required=True),
        text("unit_as_stated", "The unit in the source's own word."),
        code("basis", "basis", "Gross, net, stock or flow."),
        code("qualifier", "qualifier", "Exact, about, at least …", required=True),
        code("stated_by", "stating_party", "Who says so.", required=True),
        text("origin", "The figure of which this one is a retelling."),
        text("document", "Short name of the document.", required=True),
        text("place_in_document", "Page, paragraph, sheet or cell."),
    ),
)

CLAIMS = Record(
    "claims",
    "One row is one thing that a source says about figures: a range, a ratio, a rise.",
    ("claim_id",),
    (
        key("claim_id", "Identifier of the claim, unique in its source."),
        code("kind", "claim_kind", "What is claimed.", required=True),
        ids("about", "Figures that the claim is about, in order.", required=True),
        text("low", "The number or date claimed, or its lower end."),
        text("high", "The upper end, where there is one."),
        text("word", "The word that the source uses."),
        code("stated_by", "stating_party", "Who says so.", required=True),
        text("document", "Short name of the document.", required=True),
    ),
)

DOCUMENTS = Record(
    "documents",
    "One row is one published document that figures or cases rest on.",
    ("document",),
    (
        key("document", "Short name of the document."),
        text("publisher", "Who published it.", required=True),
        text("title", "Its title, without names of people.", required=True),
        date("published_on", "Day of publication."),
        text("language", "Language of the document."),
        text("url", "Address."),
        text("place_note", "What to know about the address or the copy."),
    ),
)

CODES = Record(
    "codes",
    "One row is one code of a code book that a source supplies with its files.",
    ("code_list", "code"),
    (
        key("code_list", "Which of the source's code books."),
        key("code", "The code, as the source writes it."),
        text("parent", "Code of the same book that this one is part of."),
        text("label", "What the code means, without names of people.", required=True),
        text("category", "What sort of code it is."),
    ),
)

MEASURES = ("PERCENT", "RATIO", "KZT", "USD", "MCI", "DAY", "MONTH")
"""Units of which there may be a part. All others are counted."""

NO_UNIT = ("_U", "_O", "_Z")
"""Units of which nobody can tell whether there may be a part."""

MEANS = ("ANNUAL_RATE",)
"""Sorts of period whose number may be a mean."""


def whole_number_of_a_count() -> pa.Check:
    """Return a check that what is counted is a whole number of it."""

    def holds(frame: pd.DataFrame) -> pd.Series:
        may_be_part = frame["unit"].isin([*MEASURES, *NO_UNIT])
        may_be_part |= frame["period_type"].isin(MEANS)
        value = frame["value"]
        return may_be_part | value.isna() | (value % 1 == 0)

    return pa.Check(
        holds,
        name="whole_number_of_a_count",
        error="a whole number, or a unit that is measured, such as PERCENT",
    )


EXCUSES = frozenset(("x", "c", "z"))
"""Marks that say why there is no number."""


def a_number_or_a_mark() -> pa.Check:
    """Return a check that a figure has its number, or a mark that says why not."""

    def holds(frame: pd.DataFrame) -> pd.Series:
        marks = frame.loc[frame["value"].isna(), "obs_mark"].fillna("").str.split(";")
        is_excused = marks.map(lambda found: not EXCUSES.isdisjoint(found))
        return is_excused.astype(bool).reindex(frame.index, fill_value=True)

    return pa.Check(
        holds,
        name="value_missing",
        error="a number, or a mark that the source declares, such as … or X",
    )


def no_number_that_is_withheld() -> pa.Check:
    """Return a check that a number does not stand beside a mark that there is none."""

    def holds(frame: pd.DataFrame) -> pd.Series:
        told = frame["value"].notna() & frame["obs_mark"].notna()
        marks = frame.loc[told, "obs_mark"].str.split(";")
        is_free = marks.map(EXCUSES.isdisjoint)
        return is_free.astype(bool).reindex(frame.index, fill_value=True)

    return pa.Check(
        holds,
        name="value_withheld",
        error="a number, or a mark that there is none; not both",
    )


CHECKS_OF_FIGURES: dict[str, tuple[pa.Check, ...]] = {
    "figures": (
        in_order("period_start", "period_end", "a period that ends last"),
        a_number_or_a_mark(),
        no_number_that_is_withheld(),
        whole_number_of_a_count(),
    ),
}
