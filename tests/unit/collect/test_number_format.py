"""What a sheet shows for a number."""

import pytest

from pipeline.collect.number_format import shown_number


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (32270, "#\\\u00a0##0", "32\u00a0270"),
        (459, "#\\\u00a0##0", "459"),
        (1234567, "#,##0", "1,234,567"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-1234, "#,##0;[Red](#,##0)", "(1,234)"),
        (-1234567, "#,##0.00", "-1,234,567.00"),
        (42, "00000", "00042"),
        (0.125, "0.0%", "12.5%"),
        (0.125, "0%", "13%"),
        (63, '0"*"', "63*"),
        (12, '0 "persons"', "12 persons"),
        (1_000_000, "0,", "1000"),
        (3.5, "0.##", "3.5"),
        (5.05, ".00", "5.05"),
        (2.675, "0.00", "2.68"),
        (0, "#,##0", "0"),
        (1234, "[$₸-43F]\\ #,##0", "1,234"),
        (123456789012345678, "0", "123456789012345678"),
    ],
)
def test_a_number_is_shown_by_its_format(number, form, shown):
    assert shown_number(number, form) == shown


@pytest.mark.parametrize("form", ["General", "0.00E+00", "# ?/?", "@", '"text"'])
def test_a_format_that_is_not_understood_shows_nothing(form):
    assert shown_number(1234, form) is None
