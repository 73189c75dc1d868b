"""A field that a record does not have is refused: its cells would be lost."""

import pytest
from pydantic import ValidationError

from pipeline.declarations.layouts import CrosstabSheet, FlatSheet

FLAT = {"sheet": "S", "record": "complaints", "layout": "flat"}
CROSS = {"sheet": "S", "record": "figures", "layout": "crosstab", "stub": "Sex"}


@pytest.mark.parametrize(
    "told",
    [
        {"columns": {"No.": "complaint_id", "Body": "acused_body"}},
        {"columns": {}, "constants": {"acused_body": "POLICE"}},
        {"columns": {}, "join": {"acused_body": {"columns": ["A", "B"]}}},
        {"columns": {}, "blocks": {"key": "(?P<acused_body>.+)"}},
        {
            "columns": {},
            "from": [
                {"where": "title", "pattern": "x", "fields": {"acused_body": "{}"}}
            ],
        },
        {
            "columns": {},
            "also": [{"record": "complaints", "columns": {"B": "acused_body"}}],
        },
    ],
)
def test_a_flat_table_fills_fields_of_its_record(told):
    with pytest.raises(ValidationError, match="did you mean 'accused_body'"):
        FlatSheet.model_validate(FLAT | told)


@pytest.mark.parametrize(
    "told",
    [
        {"rows": {"Male": {"sx": "M"}}},
        {"rows_like": {".+": {"sx": "{label}"}}},
        {"columns_of": {"sx": ["Male"]}},
        {"columns_like": {".+": {"sx": "{label}"}}},
        {"stub": [{"header": "Sex", "field": "sx"}]},
    ],
)
def test_a_crosstab_fills_fields_of_figures(told):
    with pytest.raises(ValidationError, match="did you mean 'sex'"):
        CrosstabSheet.model_validate(CROSS | told)


@pytest.mark.parametrize(
    "told",
    [
        {"blocks": {"key": r"x (?P<value>\d+)"}},
        {"from": [{"where": "title", "pattern": "x", "fields": {"value": "{}"}}]},
    ],
)
def test_figures_may_have_their_value_from_around_the_rows(told):
    also = {"also": [{"record": "figures"}]}
    figures = FLAT | {"record": "figures", "columns": {}} | told
    assert "value" in FlatSheet.model_validate(figures | also).fields_told["figures"]
    with pytest.raises(ValidationError, match="no column with the field `value`"):
        FlatSheet.model_validate(FLAT | {"columns": {}} | also)


@pytest.mark.parametrize("labels", [[["Male"]], [{"M": "Male"}], 5, "Male"])
def test_what_is_no_list_of_labels_is_told_with_its_key(labels):
    with pytest.raises(ValidationError, match=r"rows_of\.sex"):
        CrosstabSheet.model_validate(CROSS | {"rows_of": {"sex": labels}})


def test_a_period_stands_for_its_fields():
    told = {"stub": [{"header": "Year", "field": "period"}]}

    assert CrosstabSheet.model_validate(CROSS | told).fields_told == {
        "figures": {"period"}
    }
