"""The pictures: there, readable, with their words, the same bytes."""

import io
import re

import pytest
from PIL import Image
from small_tables import spec

from pipeline.declarations.tables import read_charts, read_tables
from pipeline.disseminate.charts import draw_chart, of_each_source, write_chart
from pipeline.disseminate.drawing import MARGIN, WIDTH, text_width, wrapped
from pipeline.disseminate.wording import COVERAGE
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace

pytestmark = pytest.mark.filterwarnings("error")

STAGES = spec(
    "investigated",
    {"stage": "stage", "accused_body": "body", "handling_body": "body",
     "outcome": "outcome"},
)  # fmt: skip
REPORTED = spec(
    "reported_figures",
    {"figure_id": "", "indicator": "indicator", "stated_by": "stating_party",
     "channel": "channel", "charge": "charge"},
    attributes={"period_type": "Sort of period."},
)  # fmt: skip
ASKED = spec(
    "coverage",
    {"question": "question_8c", "axis": "", "kind": ""},
    attributes={"asks": "What is asked.", "state": "State."},
)

WAITS = spec(
    "promptness",
    {"step": "promptness_step", "handling_body": "body",
     "measure": "promptness_measure", "horizon": ""},
    built="promptness",
    attributes=dict.fromkeys(("low", "high", "at_risk"), "A number."),
)  # fmt: skip


def waited(day, share, low, high, at_risk, mark=""):
    return {
        "step": "COMPLAINT_DECISION", "measure": "STILL_OPEN", "horizon": str(day),
        "obs_value": share, "low": low, "high": high, "at_risk": at_risk, "mark": mark,
        "unit_measure": "PERCENT",
    }  # fmt: skip


WAITED = [
    waited(30, 62.5, 50.2, 72.6, 40), waited(90, 31.0, 20.1, 42.4, 18),
    waited(180, 12.0, 4.0, 25.0, 6, "low"), waited(730, None, None, None, 0, "note"),
]  # fmt: skip

UNDER_REPORTING = (
    "A fall in recorded figures can mean that fewer complaints are made or registered; "
    "it does not by itself show that there is less torture."
)


def figure(number, year, value, party):
    return {
        "figure_id": f"F{number}", "indicator": "REGISTERED_CASE", "stated_by": party,
        "charge": "CC14-146", "time_period": str(year), "obs_value": value,
        "unit_measure": "CASE", "period_type": "CALENDAR_YEAR",
    }  # fmt: skip


def asked(year, value):
    return {
        "question": "8C1", "axis": "facility_type", "kind": "figures",
        "asks": "by type of facility", "time_period": str(year), "obs_value": value,
        "mark": "" if value else "x", "state": "PUBLISHED" if value else "NOT_SUPPLIED",
    }  # fmt: skip


@pytest.fixture(scope="module")
def charts():
    return read_charts(Workspace(REPOSITORY))


@pytest.fixture
def tables(build, penalties):
    handled = [
        {"stage": "ST03", "accused_body": "KUIS", "handling_body": "KUIS",
         "obs_value": 2, "unit_measure": "COMPLAINT"},
        {"stage": "ST05", "accused_body": "POLICE", "handling_body": "PROS",
         "obs_value": 1, "unit_measure": "CASE"},
    ]  # fmt: skip
    figures = [
        figure(1, 2019, 850, "OMBUDSMAN"), figure(2, 2020, 766, "OMBUDSMAN"),
        figure(3, 2020, 63, "CLSSA"), figure(4, 2020, 63, "NPM"),
        figure(5, 2023, 462, "OMBUDSMAN"), figure(6, 2012, 18, "OFFICIAL"),
    ]  # fmt: skip
    return {
        "persons_sentenced": penalties,
        "who_investigated_whom": build(STAGES, handled),
        "registered_series": build(REPORTED, figures),
        "coverage": build(ASKED, [asked(2009, None), asked(2011, 2)]),
        "still_waiting": build(WAITS, WAITED),
    }


NAMES = [
    *("persons_sentenced", "who_investigated_whom", "registered_series", "coverage"),
    "still_waiting",
]


def test_the_declared_charts_are_those_tested(charts):
    assert sorted(charts) == sorted(NAMES)


def test_every_chart_is_of_a_declared_table_and_of_its_columns(charts):
    specs = read_tables(Workspace(REPOSITORY))
    for chart in charts.values():
        table = specs[chart.table]
        known = {"time_period", *table.dimensions, *table.attributes}
        used = {chart.x, chart.by, chart.panel, chart.labels, *chart.where, *chart.free}
        assert used - {""} <= known, chart.chart


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_not_blank(name, charts, tables, reference):
    drawn = draw_chart(charts[name], tables[name], reference)
    image = Image.open(io.BytesIO(drawn.png)).convert("L")
    dark = sum(image.histogram()[:100])
    assert 0.002 < dark / (image.width * image.height) < 0.5


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_says_title_unit_sources_and_coverage(
    name, charts, tables, reference
):
    drawn = draw_chart(charts[name], tables[name], reference)
    text = " ".join(re.findall(r">([^<>]+)</text>", drawn.svg.decode()))
    assert charts[name].title in text
    assert f"Unit: {charts[name].unit}" in text
    assert "Sources: Cases documented in public (CC BY 4.0)." in text
    assert COVERAGE["documented_minimum"] in text


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_the_same_bytes_twice(name, charts, tables, reference):
    one = draw_chart(charts[name], tables[name], reference)
    assert draw_chart(charts[name], tables[name], reference) == one


def test_an_svg_holds_nothing_but_what_is_shown(charts, tables, reference):
    svg = draw_chart(
        charts["persons_sentenced"], tables["persons_sentenced"], reference
    )
    text = svg.svg.decode()
    assert "<metadata" not in text
    assert "<!--" not in text
    assert "Matplotlib" not in text
    assert "CC14-146-2-W2015" not in text


def test_every_number_is_said_in_words(charts, tables, reference):
    alt = draw_chart(
        charts["registered_series"], tables["registered_series"], reference
    ).alt
    assert "Commissioner for Human Rights: 2019 850, 2020 766, 2023 462." in alt
    assert UNDER_REPORTING in alt


def test_what_nobody_publishes_is_said_in_words(charts, tables, reference):
    alt = draw_chart(charts["coverage"], tables["coverage"], reference).alt
    assert "by type of facility: 2011 (2), nothing for the other years." in alt


def test_a_wait_is_said_in_words_with_its_interval_and_those_at_risk(
    charts, tables, reference
):
    drawn = draw_chart(charts["still_waiting"], tables["still_waiting"], reference)
    assert (
        "after 30 days 62 per cent (interval 50 to 73; 40 at risk), after 90 days 31 "
        "per cent (interval 20 to 42; 18 at risk), after 180 days 12 per cent ("
        "interval 4 to 25; 6 at risk; [low]), after 730 days [note]."
    ) in drawn.alt
    assert "[low] low reliability; [note]" in drawn.alt
    shown = re.findall(r">([^<>]+)</text>", drawn.svg.decode())
    assert {"62", "31", "12[low]", "40", "18", "6"} <= set(shown)


def test_waits_are_drawn_source_by_source_and_never_of_ends_unseen_or_too_few(
    charts, build, reference
):
    changed = {"open_cases": {}, "made_up": {}, "handful": {"mark": "low"},
               "endless": {"obs_value": None, "mark": "x"}}  # fmt: skip
    rows = [
        row | {"source_id": name} | change
        for name, change in changed.items()
        for row in WAITED
    ]
    chart, table = charts["still_waiting"], build(WAITS, rows)
    with pytest.raises(DeclarationError, match="several rows"):
        draw_chart(chart, table, reference)
    one_each = of_each_source(chart, table, reference)
    assert [one.chart for one in one_each] == [
        "still_waiting_made_up",
        "still_waiting_open_cases",
    ]


def test_a_withheld_cell_is_told_below_the_picture(charts, tables, reference):
    alt = draw_chart(
        charts["persons_sentenced"], tables["persons_sentenced"], reference
    ).alt
    assert "Not stated: Fine [c]." in alt
    assert "[c] withheld (confidentiality)" in alt


def test_a_source_of_rows_that_are_not_shown_is_not_named(charts, tables, reference):
    table = tables["persons_sentenced"]
    table.places().records["source_id"] = "another"
    alt = draw_chart(charts["persons_sentenced"], table, reference).alt
    assert alt.endswith("Sources: none.")


def test_made_up_data_say_so_on_the_picture_and_in_the_title(
    charts, made_up, reference, tmp_path
):
    files = write_chart(charts["persons_sentenced"], made_up, reference, tmp_path)
    assert [path.name for path in files] == [
        "persons_sentenced_synthetic.svg",
        "persons_sentenced_synthetic.png",
        "persons_sentenced_synthetic.alt.txt",
    ]
    svg = files[0].read_text(encoding="utf-8")
    assert svg.count("SYNTHETIC DATA") >= 2
    assert files[2].read_text(encoding="utf-8").startswith("SYNTHETIC DATA: ")


def test_a_letter_that_the_font_lacks_is_an_error(charts, penalties, reference):
    strange = charts["persons_sentenced"].model_copy(update={"title": "酷刑"})
    with pytest.raises(UserWarning, match="Glyph"):
        draw_chart(strange, penalties, reference)


def test_kazakh_letters_are_drawn(charts, penalties, reference):
    kazakh = charts["persons_sentenced"].model_copy(
        update={"title": "Қинау, әділет, ғұмыр, үкім, өңір, һ, і"}
    )
    assert draw_chart(kazakh, penalties, reference).png


def test_lines_of_text_fit_the_paper():
    room = WIDTH - 2 * MARGIN
    for line in wrapped("word " * 200, 8, room):
        assert text_width(line, 8) <= room
