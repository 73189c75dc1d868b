"""United States: code books of the complaint system of the federal prisons."""

import pytest

pytestmark = pytest.mark.real

SOURCE = "us_bop_complaint_codebooks"


@pytest.fixture(scope="module")
def codes(reviewed):
    """Return the accepted codes."""
    found = reviewed(SOURCE, "codes")
    assert found.quarantined.empty
    return found.accepted


def test_each_book_is_read_whole(codes):
    assert codes["code_list"].value_counts().to_dict() == {
        "FACILITY": 196,
        "SUBJECT": 194,
        "REASON": 47,
    }


def test_complaints_about_staff_have_seven_codes(codes):
    own = codes[(codes["code_list"] == "SUBJECT") & (codes["parent"] == "34")]
    assert own["code"].tolist() == [f"34{letter}" for letter in "ABCDEFZ"]
    labels = own.set_index("code")["label"]
    assert labels["34D"] == "ASSAULT BY STAFF"


def test_a_reason_is_told_by_its_status_too(codes):
    own = codes[codes["code_list"] == "REASON"].set_index("code")
    assert own.loc["REJ-OTH", "label"] == "SEE REMARKS."
    assert own.loc["CLO-OTH", "label"] == "OTHER"
    assert own["parent"].value_counts().to_dict() == {
        "REJ": 37,
        "CLO": 6,
        "CLG": 3,
        "CLD": 1,
    }


def test_quotes_of_a_typesetter_are_read(codes):
    page = codes.set_index("code").loc["REJ-CPG", "label"]
    assert "WARDEN\u2019S" in page
