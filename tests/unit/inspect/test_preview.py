"""The page of a preview: roles, masks, findings, and a page that no text breaks."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from collected import sheet_of
from hypothesis import given, settings
from hypothesis import strategies as st
from looked_at import CROSS, FLAT, FORM, GOOD, HEADS, NAME, STORY, seen

from pipeline.inspect.drawn import DOTS, MASKED
from pipeline.inspect.page import page_of, write_page
from pipeline.inspect.preview import Preview, preview_of
from pipeline.inspect.roles import ORDER
from pipeline.inspect.seen import SeenFile
from pipeline.model import Merge

VOID = {"meta", "link", "br", "input", "hr", "img"}
GRIDS = st.lists(
    st.lists(st.none() | st.text(max_size=12), min_size=3, max_size=3),
    min_size=1,
    max_size=6,
)


class Reader(HTMLParser):
    """Reads a page strictly: what is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.hrefs: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        told = dict(attrs)
        self.ids += [told["id"]] if "id" in told else []
        self.hrefs += [told["href"]] if "href" in told else []
        assert not any(name.startswith("on") for name in told)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(page: str) -> Reader:
    """Return a page as it was read."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def cells(preview: Preview) -> dict[str, tuple[str, str]]:
    """Return address → role and text of the filled cells of the first sheet."""
    return {
        cell.address: (cell.role.key, cell.text)
        for row in preview.sheets[0].table.rows
        for cell in row.cells
        if cell.role
    }


@pytest.fixture
def shown(lists):
    """Return a function that previews a file."""
    return lambda file: preview_of(file, lists)


def test_a_good_file_is_told_to_be_good(shown):
    preview = shown(seen([HEADS, GOOD]))
    assert preview.is_good
    assert "Every cell is understood." in page_of(preview)
    assert cells(preview)["A1"] == ("header", "No.")
    assert cells(preview)["C2"] == ("dimension", "NGO")
    assert cells(preview)["G2"] == ("value", "1")


def test_persons_and_what_is_dropped_are_masked_always(shown):
    preview = shown(seen([HEADS, GOOD]))
    assert cells(preview)["H2"] == ("person", DOTS)
    assert cells(preview)["I2"] == ("dropped", DOTS)
    page = page_of(preview)
    assert NAME not in page
    assert STORY not in page


def test_a_mask_does_not_tell_a_length(shown):
    short = [*GOOD[:7], "Q", "z"]
    pages = [page_of(shown(seen([HEADS, row]))) for row in (GOOD, short)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("at", [0, 2, 7, 8])
def test_names_stay_masked_where_a_header_was_renamed(shown, at):
    heads = [*HEADS]
    heads[at] = "Something else"
    preview = shown(seen([heads, GOOD]))
    assert preview.count("unread") == len(HEADS) + len(GOOD)
    page = page_of(preview)
    assert NAME not in page
    assert STORY not in page
    assert "not declared: &#39;Something else&#39;" in page


def test_of_a_restricted_source_free_texts_are_masked(shown):
    form = [["Secret title", None, None], *FORM[1:4], ["Note: hush", None, None]]
    preview = shown(seen(form, CROSS, sensitivity="restricted"))
    assert cells(preview)["A1"] == ("title", MASKED)
    assert cells(preview)["A5"] == ("note", MASKED)
    assert cells(preview)["A3"] == ("dimension", "all")
    assert cells(preview)["B3"] == ("value", "100")
    page = page_of(preview)
    assert "Secret" not in page
    assert "hush" not in page


def test_of_a_restricted_source_a_refused_word_is_masked(shown):
    row = [*GOOD]
    row[3] = NAME
    preview = shown(seen([HEADS, row], sensitivity="restricted"))
    assert cells(preview)["D2"] == ("refused", MASKED)
    assert NAME not in page_of(preview)


def test_of_a_file_without_a_source_nothing_is_shown(shown):
    preview = shown(seen([HEADS, GOOD], is_owned=False))
    assert set(cells(preview).values()) == {("unread", MASKED)}
    page = page_of(preview)
    assert "point27 propose f.xlsx" in page
    assert "Received" not in page


def test_an_undeclared_sheet_of_a_source_that_names_people_is_masked(shown):
    preview = shown(seen([["Anything", NAME]], None))
    assert NAME not in page_of(preview)
    assert preview.sheets[0].findings[0].what == "no layout is declared for this sheet"


def test_every_fault_is_told_at_once(shown):
    bad = [*GOOD]
    bad[1], bad[3], bad[5] = "32.13.2014", "spaceship", None
    stray: list[str | None] = [None] * 9 + [None, "stray"]
    rows = [[*HEADS, None, None], [*bad, None, None], stray]
    preview = shown(seen(rows))
    found = cells(preview)
    assert found["B2"] == ("refused", "32.13.2014")
    assert found["D2"] == ("refused", "spaceship")
    assert found["F2"] == ("refused", "")
    assert found["K3"][0] == "unread"
    told = " ".join(one.what for one in preview.sheets[0].findings)
    for word in ("not a date that exists", "'spaceship'", "the cell is empty"):
        assert word in told


def test_findings_lead_to_cells_that_are_drawn(shown):
    bad = [*GOOD]
    bad[3] = "spaceship"
    rows = [HEADS, *([f"C-{n}", *GOOD[1:]] for n in range(900)), bad]
    page = read(page_of(shown(seen(rows))))
    inner = {href.removeprefix("#") for href in page.hrefs}
    assert "s1-D902" in inner
    assert inner <= set(page.ids)
    assert all(href.startswith("#") for href in page.hrefs)
    assert "401 rows left out" in " ".join(page.text)


def test_each_column_tells_its_field_and_each_row_its_code(shown):
    flat = shown(seen([HEADS, GOOD])).sheets[0].table
    assert [column.fields for column in flat.columns[:2]] == [
        ("complaint_id",),
        ("received_on",),
    ]
    cross = shown(seen(FORM, CROSS)).sheets[0]
    assert cross.table.rows[2].fields == ("charge ALL_OFFENCES",)
    assert cross.table.columns[1].fields == ("indicator REGISTERED_CASE",)
    assert "unit CASE" in cross.everywhere


def test_a_word_shows_the_code_that_it_is_read_as(shown):
    row = [*GOOD]
    row[3] = "Female"
    [cell] = [
        cell
        for line in shown(seen([HEADS, row])).sheets[0].table.rows
        for cell in line.cells
        if cell.address == "D2"
    ]
    assert cell.code == "F"


def test_merged_and_hidden_are_drawn_as_such(shown):
    sheet = sheet_of([["Form 1", None, None], *FORM[1:]], Merge(0, 0, 0, 2))
    sheet = replace(sheet, hidden_rows=(3,), hidden_columns=(2,))
    page = page_of(shown(seen(sheet, CROSS)))
    assert 'colspan="3">Form 1' in page
    assert page.count("<small>hidden</small>") == 2


def test_a_printed_total_that_differs_is_marked(shown):
    layout = FLAT.model_validate(
        FLAT.model_dump(by_alias=True)
        | {"controls": [{"rows": {"No.": "Total"}, "sums": ["People"]}]}
    )
    total: list[str | None] = ["Total", *[None] * 5, "5", None, None]
    preview = shown(seen([HEADS, GOOD, total], layout))
    [one] = preview.sheets[0].totals.listed
    assert (one.state, one.stated, one.computed) == ("differs", "5", "1")
    assert 'class="control differs"' in page_of(preview)


def test_the_page_asks_for_nothing_and_runs_nothing(shown):
    page = page_of(shown(seen([HEADS, GOOD])))
    assert "default-src 'none'" in page
    assert not {"script", "link", "img", "iframe"} & read(page).tags
    assert "://" not in page
    assert "@import" not in page


def test_a_script_in_a_cell_is_text(shown):
    form = [["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', None]]
    reader = read(page_of(shown(seen([*form, *FORM[1:]], CROSS))))
    assert "script" not in reader.tags
    assert "<script>alert(1)</script>" in "".join(reader.text)


@settings(max_examples=15)
@given(rows=GRIDS)
def test_no_text_breaks_the_page(lists, rows):
    for layout in (CROSS, None):
        page = page_of(preview_of(seen([*FORM[:4], *rows], layout), lists))
        reader = read(page.encode("utf-8").decode("utf-8"))
        assert len(reader.ids) == len(set(reader.ids))
        assert "script" not in reader.tags


@settings(max_examples=15)
@given(rows=GRIDS)
def test_every_filled_cell_has_exactly_one_role(lists, rows):
    file: SeenFile = seen([*FORM, *rows], CROSS)
    preview = preview_of(file, lists)
    keys = [role.key for role, _ in preview.sheets[0].counts]
    assert len(keys) == len(set(keys))
    assert set(keys) <= {role.key for role in ORDER}
    assert preview.cells == file.sheets[0].laid.cells_read
    filled = {address for address, (_, text) in cells(preview).items() if text}
    assert len(filled) == preview.cells


def test_the_page_is_for_its_owner_alone(tmp_path):
    page = tmp_path / "new" / "page.html"
    page.parent.mkdir()
    page.write_text("old", encoding="utf-8")
    page.chmod(0o644)
    write_page("new", page)
    assert page.stat().st_mode & 0o777 == 0o600
    write_page("x", tmp_path / "made" / "page.html")
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o700


def test_of_a_restricted_source_an_unknown_label_is_masked_everywhere(shown):
    layout = CROSS.model_validate(
        CROSS.model_dump(by_alias=True)
        | {"rows": {}, "stub": [{"header": "Offence", "field": "charge"}]}
    )
    form = [*FORM[:3], [NAME, "7", "3"]]
    preview = shown(seen(form, layout, sensitivity="restricted"))
    assert cells(preview)["A4"] == ("dimension", MASKED)
    assert preview.sheets[0].table.rows[3].fields == ("charge",)
    assert NAME not in page_of(preview)
    assert NAME in page_of(shown(seen(form, layout)))


def test_many_texts_that_are_no_date_are_one_finding(shown):
    rows = [[f"C-{n}", f"{n}.13.2014", *GOOD[2:]] for n in range(30)]
    [one] = shown(seen([HEADS, *rows])).sheets[0].findings
    assert one.what == "received_on: not a date that exists"
    assert (len(one.links), one.more) == (12, 18)
