"""The five registers: one row is one event in one real matter.

In here: the fields of complaints, checks, investigations, prosecutions and
sentences, and the pandera checks that belong to them. Not in here: reported figures
(`figures.py`), which never share a row with a register.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.fields import Record, code, date, ids, key, number, pseudonym, span, text

DOCUMENT = text("document", "Short name of the document that the row rests on.")

COMPLAINTS = Record(
    "complaints",
    "One row is one complaint made by, or for, one person.",
    ("complaint_id",),
    (
        key("complaint_id", "Identifier of the complaint, unique in its source."),
        date("received_on", "Day on which the complaint was received.", required=True),
        date("event_from", "First day of what is complained of."),
        date("event_to", "Last day of what is complained of."),
        code("channel", "channel", "Where the complaint was made.", required=True),
        code("complainant_type", "complainant_type", "Who made the complaint."),
        pseudonym("person_key", "The person concerned, as a pseudonym."),
        number("persons_count", "How many people the row stands for."),
        code("sex", "sex", "Sex of the person concerned."),
        number("birth_year", "Year in which the person was born."),
        number("age_at_event", "Age of the person at the act, in whole years."),
        code("citizenship", "citizenship", "Citizenship of the person concerned."),
        code(
            "deprived_of_liberty",
            "yes_no",
            "Whether the person was deprived of liberty when complaining.",
            required=True,
        ),
        code("custody_status", "custody_status", "On what footing the person is held."),
        code("place_of_custody", "facility_type", "Where the person is held."),
        code("place_of_act", "facility_type", "Where the act happened."),
        pseudonym("facility_key", "The facility concerned, as a pseudonym."),
        code("region", "region", "Region of the act."),
        code("accused_body", "body", "Body accused.", required=True),
        code("allegations", "allegation", "What is alleged.", multiple=True),
        code("purpose", "purpose", "What the act was for.", multiple=True),
        code("injuries_documented", "yes_no", "Whether injuries were documented."),
        code(
            "evidence_grade", "evidence_grade", "How far they agree with the account."
        ),
        date("withdrawn_on", "Day on which the complaint was withdrawn."),
        code("withdrawal_reason", "withdrawal_reason", "Why it was withdrawn."),
        code("reprisal_reported", "yes_no", "Whether a reprisal was reported."),
        text("register_no", "Number in the book of accounting of information."),
        DOCUMENT,
    ),
)

CHECKS = Record(
    "checks",
    "One row is one preliminary check of one complaint.",
    ("check_id",),
    (
        key("check_id", "Identifier of the check, unique in its source."),
        text("complaint_id", "The complaint that was checked."),
        text("register_no", "Its number in the book of accounting of information."),
        code(
            "checking_body", "body", "Body that carried out the check.", required=True
        ),
        date("started_on", "Day on which the check began.", required=True),
        date("ended_on", "Day on which the check ended."),
        code("outcome", "check_outcome", "How the check ended.", required=True),
        code("referred_to", "body", "Body to which the matter was referred."),
        code("complainant_interviewed", "yes_no", "Whether the complainant was heard."),
        date("forensic_exam_on", "Day of the forensic medical examination."),
        DOCUMENT,
    ),
)

INVESTIGATIONS = Record(
    "investigations",
    "One row is one step in the life of one criminal case.",
    ("case_no", "step_no"),
    (
        key("case_no", "Number of the case, unique in its source."),
        key("step_no", "Order of the step within the case."),
        ids("complaint_ids", "Complaints that the case rests on."),
        code("step", "step", "What happened.", required=True),
        date("step_on", "Day on which it happened.", required=True),
        code("body", "body", "Body that held the case at that step.", required=True),
        code("charge", "charge", "Charge at that step."),
        code("ground", "ground", "Ground of termination or interruption."),
        DOCUMENT,
    ),
)

PROSECUTIONS = Record(
    "prosecutions",
    "One row is one decision about one accused person in one case.",
    ("prosecution_id",),
    (
        key("prosecution_id", "Identifier of the row, unique in its source."),
        text("case_no", "The case.", required=True),
        pseudonym("accused_key", "The accused, as a pseudonym.", required=True),
        code(
            "accused_body", "body", "Body in which the accused served.", required=True
        ),
        code("rank_group", "rank_group", "Rank of the accused, in groups."),
        code(
            "charge_registered",
            "charge",
            "Charges when the matter was registered.",
            multiple=True,
        ),
        code(
            "charge_indicted",
            "charge",
            "Charges in the indictment.",
            required=True,
            multiple=True,
        ),
        date("indicted_on", "Day of the indictment."),
        date("suspended_from_duty_on", "Day on which the accused was suspended."),
        code(
            "court_outcome", "court_outcome", "What the court decided.", required=True
        ),
        code("charge_verdict", "charge", "Charges in the verdict.", multiple=True),
        date("decided_on", "Day of the decision.", required=True),
        code("instance", "instance", "Instance that decided.", required=True),
        code("final", "yes_no", "Whether the decision is in force.", required=True),
        code("region", "region", "Region of the court."),
        date("event_from", "First day of the act."),
        DOCUMENT,
    ),
)

SENTENCES = Record(
    "sentences",
    "One row is one penalty imposed on one person, or one award of compensation.",
    ("sentence_id",),
    (
        key("sentence_id", "Identifier of the row, unique in its source."),
        text("prosecution_id", "The decision; unknown where unstated.", required=True),
        text("case_no", "The case, where the person is not stated."),
        code("charge", "charge", "Charges punished.", required=True, multiple=True),
        date("verdict_on", "Day of the verdict.", required=True),
        date("in_force_on", "Day on which the verdict came into force."),
        code("penalty", "penalty", "Kind of penalty.", required=True),
        code(
            "main_or_additional", "penalty_role", "Role of the penalty.", required=True
        ),
        span("term_months", "Term in months, or its lowest and highest value."),
        number("fine_mci", "Fine in monthly calculation indices."),
        number("fine_mci_year", "Year whose monthly calculation index is meant."),
        code("suspended", "yes_no", "Whether the term was suspended.", required=True),
        code("changed_by", "sentence_change", "What changed the penalty later."),
        number("compensation_claimed", "Amount claimed."),
        number("compensation_awarded", "Amount awarded."),
        number("compensation_paid", "Amount paid."),
        code("currency", "currency", "Currency of the amounts."),
        DOCUMENT,
    ),
)

REGISTERS = (COMPLAINTS, CHECKS, INVESTIGATIONS, PROSECUTIONS, SENTENCES)


def in_order(earlier: str, later: str, expected: str) -> pa.Check:
    """Return a check that one date does not come after another.

    Both must be known to the day: a month or a year can hold either order.
    """

    def holds(frame: pd.DataFrame) -> pd.Series:
        known = (frame[f"{earlier}_precision"] == "DAY") & (
            frame[f"{later}_precision"] == "DAY"
        )
        return ~known | (frame[earlier] <= frame[later])

    return pa.Check(holds, name=f"{earlier}_after_{later}", error=expected)


def not_negative(column: str) -> pa.Check:
    """Return a check that a number, where there is one, is not below zero."""

    def holds(frame: pd.DataFrame) -> pd.Series:
        return frame[column].isna() | (frame[column] >= 0)

    return pa.Check(holds, name=f"negative_{column}", error=f"{column} of at least 0")


def within(column: str, low: int, high: int) -> pa.Check:
    """Return a check that a number, where there is one, lies within two others."""

    def holds(frame: pd.DataFrame) -> pd.Series:
        return frame[column].isna() | frame[column].between(low, high)

    return pa.Check(
        holds, name=f"{column}_out_of_range", error=f"{column} from {low} to {high}"
    )


def either(one: str, other: str) -> pa.Check:
    """Return a check that one of two columns is filled."""

    def holds(frame: pd.DataFrame) -> pd.Series:
        return frame[one].notna() | frame[other].notna()

    return pa.Check(holds, name=f"neither_{one}", error=f"{one} or {other}")


def whole_number(column: str) -> pa.Check:
    """Return a check that a key which gives an order is a whole number."""

    def holds(frame: pd.DataFrame) -> pd.Series:
        return frame[column].isna() | frame[column].str.fullmatch(r"\d+")

    return pa.Check(
        holds, name=f"{column}_no_number", error=f"{column} as a whole number"
    )


def no_totals(record: Record) -> pa.Check:
    """Return a check that a row is one event, not a total of the register."""
    codes = [field for field in record.fields if field.kind == "code"]

    def holds(frame: pd.DataFrame) -> pd.Series:
        is_total = pd.Series(False, index=frame.index)
        for field in codes:
            told = frame[field.name]
            if field.multiple:
                several = ";" + told + ";"
                is_total |= several.str.contains(";_T;", regex=False, na=False)
            else:
                is_total |= told.eq("_T")
        return ~is_total

    return pa.Check(
        holds,
        name="total_in_a_register",
        error="one event; leave the row of totals out",
    )


OWN_CHECKS: dict[str, tuple[pa.Check, ...]] = {
    "complaints": (
        in_order("event_from", "event_to", "an act that ends after it begins"),
        in_order("event_from", "received_on", "a complaint made after the act"),
        in_order("received_on", "withdrawn_on", "a withdrawal after the complaint"),
        not_negative("persons_count"),
        within("birth_year", 1900, 2100),
        within("age_at_event", 0, 120),
    ),
    "checks": (
        either("complaint_id", "register_no"),
        in_order("started_on", "ended_on", "a check that ends after it begins"),
    ),
    "investigations": (whole_number("step_no"),),
    "prosecutions": (
        in_order("event_from", "decided_on", "a decision made after the act"),
        in_order("indicted_on", "decided_on", "a decision made after the indictment"),
    ),
    "sentences": (
        in_order("verdict_on", "in_force_on", "a verdict in force after it is given"),
        not_negative("term_months_low"),
        not_negative("fine_mci"),
        within("fine_mci_year", 1994, 2100),
        not_negative("compensation_claimed"),
        not_negative("compensation_awarded"),
        not_negative("compensation_paid"),
    ),
}
CHECKS_OF_RECORDS = {
    record.name: (no_totals(record), *OWN_CHECKS[record.name]) for record in REGISTERS
}
