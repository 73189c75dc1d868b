"""Russia: officers told of for drug crimes, one row each, coded from the press.

A header of two rows, articles of law as seven digits, and groups whose terms stand in
merged cells. Some rows tell of a dismissal, a check or nothing, and of no case. The
names of the accused become pseudonyms while the file is read.
"""

import pytest

from pipeline.collect.workbook import read_sheets

pytestmark = pytest.mark.real

SOURCE = "ru_police_drug_crimes"
FILE = "ru-police-drug-crimes/data_29.05.2018.xlsx"


@pytest.fixture(scope="module")
def accused(reviewed):
    """Return the accepted prosecutions: one for each row that tells of a case."""
    found = reviewed(SOURCE, "prosecutions")
    assert found.quarantined.empty
    return found.accepted


@pytest.fixture(scope="module")
def steps(reviewed):
    """Return the accepted steps of the cases."""
    return reviewed(SOURCE, "investigations").accepted


def test_rows_without_a_case_are_no_prosecutions(real, accused, steps):
    sheet = next(s for s in read_sheets(real / FILE, FILE) if s.name == "Data")
    header = sheet.values.iloc[1].tolist()
    told = sheet.values.iloc[2:].set_axis(header, axis="columns")
    measure = told["sanction"].fillna("")
    is_case = measure == "уголовное дело"
    procedural = measure.str.contains("розыск|под страж|арестован|подписка")
    with_article = told["articles"].notna()
    assert (len(told), is_case.sum()) == (567, 489)
    # Of the 78 others 13 name an article, and 11 a measure that only a case allows.
    assert (~is_case & with_article).sum() == 13
    assert (~is_case & procedural).sum() == 11
    told_of = set(told.loc[is_case | with_article | procedural, "N"])
    assert set(accused["prosecution_id"]) == set(steps["case_no"]) == told_of
    assert len(told_of) == 509


def test_cases_by_year_of_the_act(accused):
    years = accused["event_from"].dt.year.value_counts()
    assert (len(accused), years[2014], years[2007]) == (509, 136, 1)


def test_bodies_by_their_spellings(accused):
    assert accused["accused_body"].value_counts().to_dict() == {
        "RU_MVD": 384,
        "RU_FSKN": 95,
        "RU_FSIN": 27,
        "RU_FSB": 2,
        "_U": 1,
    }
    words = accused["accused_body_source"].value_counts()
    assert (words["ОМВД"], words["УФСКН"]) == (1, 1)


def test_regions_as_printed(accused):
    regions = accused["region"].value_counts()
    told = regions[["RU-TA", "RU-MOW", "RU-SPE", "RU-NVS"]]
    assert told.tolist() == [46, 28, 31, 28]


def test_articles_of_seven_digits(accused):
    charges = accused["charge_registered"]
    assert charges.str.contains("RU-286").sum() == 112
    first = accused.loc[accused["charge_registered_source"] == "3030004;2860003"]
    assert set(first["charge_registered"]) == {"RU-286-P3;RU-303-P4"}
    assert charges.str.contains("RU-228-1-P4").sum() > 0  # 2280104
    assert (charges == "_U").sum() == 240


def test_steps_of_cases_and_no_checks_among_them(steps):
    assert (steps["step"] == "SENT_TO_COURT").sum() == 151
    words = steps["step_source"].value_counts()
    assert words["уголовное дело"] == 489
    assert not words.index.str.contains("проверка").any()


def test_a_check_is_a_check_and_says_no_more(reviewed):
    checks = reviewed(SOURCE, "checks").accepted
    assert len(checks) == 11  # ten checks, one of the service itself
    assert checks["complaint_id"].isna().all()
    assert checks[["checking_body", "outcome"]].isna().all(axis=None)


def test_what_is_not_said_is_not_invented(accused):
    assert accused["court_outcome"].value_counts().to_dict() == {
        "_U": 399,
        "CONVICTED": 110,
    }
    lacking = accused[["charge_indicted", "charge_verdict", "instance", "final"]]
    assert lacking.isna().all(axis=None)
    precisions = accused["decided_on_precision"].value_counts()
    assert precisions.to_dict() == {"UNKNOWN": 385, "YEAR": 92, "DAY": 32}


def test_a_term_in_a_merged_cell_counts_for_the_whole_group(reviewed):
    terms = reviewed(SOURCE, "sentences").accepted
    ten = terms[terms["row"].between(109, 118) & (terms["penalty"] == "PRISON")]
    assert ten[["term_months_low", "term_months_high"]].values.tolist() == [
        [96, 180]
    ] * len(ten)
    assert len(ten) == 10
    after = terms[terms["row"].isin([119, 120]) & (terms["penalty"] == "PRISON")]
    assert after["term_months_low"].tolist() == [126, 60]


def test_every_penalty_of_a_court_is_a_sentence(reviewed, accused):
    terms = reviewed(SOURCE, "sentences").accepted
    first = terms[terms["main_or_additional"] == "MAIN"]
    assert len(first) == 117  # of 118, with the one whose term is no number
    assert first["penalty"].value_counts().to_dict() == {
        "PRISON": 105,
        "FINE": 5,
        "AMNESTY": 5,
        "_U": 1,
        "DISMISS": 1,
    }
    fines = terms[terms["penalty"] == "FINE"]
    # 34 cells name an amount; merged over several accused, it is a fine of each.
    assert (len(fines), len(terms)) == (46, 158)
    assert set(terms["prosecution_id"]) <= set(accused["prosecution_id"])


def test_life_is_no_number_of_months(reviewed):
    refused = reviewed(SOURCE, "sentences")
    assert refused.reasons["place"].tolist() == ["data_29.05.2018.xlsx!Data!AK77"]


def test_the_accused_are_pseudonyms(real, accused):
    sheet = next(s for s in read_sheets(real / FILE, FILE) if s.name == "Data")
    header = sheet.values.iloc[1].tolist()
    at = [header.index(name) for name in ("last_name", "first_name")]
    named = sheet.values.iloc[2:, at].notna().any(axis=1)
    is_told = sheet.values.iloc[2:, header.index("N")].isin(accused["prosecution_id"])
    known = accused["accused_key"] != "_U"
    assert known.sum() == (named & is_told).sum() == 195
    assert named.sum() == 209
    assert accused.loc[known, "accused_key"].str.fullmatch("[0-9a-f]{24}").all()
