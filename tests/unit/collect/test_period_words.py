"""Periods in words: what is read, in three languages, and what is in doubt."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect.period_words import find_periods, read_period
from pipeline.declarations.periods import PeriodWords, builtin_period_words

FEW = settings(max_examples=60, deadline=None)
YEARS = st.integers(1900, 2100)
YTD = "CUMULATIVE_YTD"
YEAR = "CALENDAR_YEAR"


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("за январь–февраль 2021 года", "2021-01-01", "2021-02-28", YTD),
        ("январь-декабрь 2020 г.", "2020-01-01", "2020-12-31", YEAR),
        ("2021 жылғы 12 ай", "2021-01-01", "2021-12-31", YTD),
        ("2021 жылғы қаңтар–ақпан", "2021-01-01", "2021-02-28", YTD),
        ("2016 жыл", "2016-01-01", "2016-12-31", YEAR),
        ("2009", "2009-01-01", "2009-12-31", YEAR),
        ("9 мес. 2019", "2019-01-01", "2019-09-30", YTD),
        ("за 9 месяцев 2019", "2019-01-01", "2019-09-30", YTD),
        ("за девять месяцев 2019 года", "2019-01-01", "2019-09-30", YTD),
        ("5 месяцев 2014 года", "2014-01-01", "2014-05-31", YTD),
        ("H1 2013", "2013-01-01", "2013-06-30", "HALF_YEAR"),
        ("1 полугодие 2013", "2013-01-01", "2013-06-30", "HALF_YEAR"),
        ("II полугодие 2015 г.", "2015-07-01", "2015-12-31", "HALF_YEAR"),
        ("2020 жылдың I жартыжылдығы", "2020-01-01", "2020-06-30", "HALF_YEAR"),
        ("first half of 2013", "2013-01-01", "2013-06-30", "HALF_YEAR"),
        ("1-й квартал 2020", "2020-01-01", "2020-03-31", "QUARTER"),
        ("2020 жылғы 1 тоқсан", "2020-01-01", "2020-03-31", "QUARTER"),
        ("бірінші тоқсан 2020", "2020-01-01", "2020-03-31", "QUARTER"),
        ("Q3 2019", "2019-07-01", "2019-09-30", "QUARTER"),
        ("2019-Q3", "2019-07-01", "2019-09-30", "QUARTER"),
        ("январь 2021", "2021-01-01", "2021-01-31", "MONTH"),
        ("02.2021", "2021-02-01", "2021-02-28", "MONTH"),
        ("form_1m_2021_02.xlsx", "2021-02-01", "2021-02-28", "MONTH"),
        ("5 January–22 January 2022", "2022-01-05", "2022-01-22", "INTERVAL"),
        ("5–22 января 2022 г.", "2022-01-05", "2022-01-22", "INTERVAL"),
        ("с 5 по 22 января 2022 г.", "2022-01-05", "2022-01-22", "INTERVAL"),
        ("2022 жылғы 5–22 қаңтар", "2022-01-05", "2022-01-22", "INTERVAL"),
        ("31 December 2020 - 5 January 2021", "2020-12-31", "2021-01-05", "INTERVAL"),
        ("с 01.01.2014 по 31.12.2014", "2014-01-01", "2014-12-31", YEAR),
        ("2014-01-01/2014-05-31", "2014-01-01", "2014-05-31", YTD),
        ("Year ending 31 March 2018", "2017-04-01", "2018-03-31", "FINANCIAL_YEAR"),
        ("12 months to March 2018", "2017-04-01", "2018-03-31", "FINANCIAL_YEAR"),
        ("Apr 2017 to Mar 2018", "2017-04-01", "2018-03-31", "FINANCIAL_YEAR"),
        ("tables-apr2017-mar2018-hosb3018.ods", "2017-04-01", "2018-03-31",
         "FINANCIAL_YEAR"),
        ("2018-2020 гг.", "2018-01-01", "2020-12-31", "MULTI_YEAR"),
        ("на 01.07.2022", "2022-07-01", "2022-07-01", "SNAPSHOT"),
        ("по состоянию на 1 июля 2022 года", "2022-07-01", "2022-07-01", "SNAPSHOT"),
        ("01.07.2022 ж. жағдай бойынша", "2022-07-01", "2022-07-01", "SNAPSHOT"),
        ("as of 1 July 2022", "2022-07-01", "2022-07-01", "SNAPSHOT"),
    ],
)  # fmt: skip
def test_a_period_is_read(text: str, start: str, end: str, kind: str) -> None:
    read = read_period(text)
    assert read is not None
    assert (read.start, read.end, read.period_type) == (start, end, kind)
    assert read.words in text


@pytest.mark.parametrize(
    "text",
    [
        "Форма № 1-М, утверждена приказом от 29.08.2016 № 140, за январь–март 2021 г.",
        "Таблица 5. Январь–март 2021 | Table 5",
        "2021 жылғы қаңтар–наурыз / за январь–март 2021 года",
        "persons who may complain, January-March 2021",
        "ЗА  ЯНВАРЬ\u00a0—\u00a0МАРТ 2021\u202fГОДА",
    ],
)
def test_a_period_is_found_in_a_longer_text(text: str) -> None:
    read = read_period(text)
    assert read is not None
    assert (read.start, read.end) == ("2021-01-01", "2021-03-31")


@pytest.mark.parametrize(
    "text",
    [
        "9 мес.",
        "за 12 месяцев",
        "I полугодие",
        "отчётный период",
        "январь–февраль",
        "2018/19",
        "04/05",
        "2004-05",
        "2018/2019",
        "2020, 2021",
        "9 месяцев 2019 и 2020",
        "H1 2013, H2",
        "13 месяцев 2014",
        "5 полугодие 2014",
        "3-й месяц 2020",
        "quarter ended 31 March 2018",
        "Year to date 2020",
        "весна 2021",
        "с 1/2/2014 по 3/4/2014",
        "data_29.05.2018.xlsx",
        "20200715 Police Misconduct Report",
        "31 декабря 2014 - 1 января 2014",
        "Приказ № 2016",
        "",
    ],
)
def test_what_could_mean_two_periods_or_none_is_not_read(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("2018/19", "2018-04-01", "2019-03-31", "FINANCIAL_YEAR"),
        ("2018/2019", "2018-04-01", "2019-03-31", "FINANCIAL_YEAR"),
        ("2004-05", "2004-04-01", "2005-03-31", "FINANCIAL_YEAR"),
        ("04/05", "2004-04-01", "2005-03-31", "FINANCIAL_YEAR"),
        ("99/00", "1999-04-01", "2000-03-31", "FINANCIAL_YEAR"),
        ("Deaths 2004/05 to 2018/19", "2004-04-01", "2019-03-31", "MULTI_YEAR"),
    ],
)
def test_a_financial_year_is_read_where_its_first_month_is_declared(
    text: str, start: str, end: str, kind: str
) -> None:
    read = read_period(text, fiscal_start=4)
    assert read is not None
    assert (read.start, read.end, read.period_type) == (start, end, kind)
    assert read_period(text) is None


def test_a_year_range_is_in_doubt_where_financial_years_are_used() -> None:
    assert read_period("2018-2019") is not None
    assert read_period("2018-2019", fiscal_start=4) is None


@pytest.mark.parametrize("month", [1, 13, -1])
def test_a_financial_year_begins_in_a_month_but_january(month: int) -> None:
    with pytest.raises(ValueError, match="no financial year"):
        read_period("2018/19", fiscal_start=month)


@pytest.mark.parametrize(
    ("text", "asked", "is_read"),
    [
        ("январь–март 2021", YTD, True),
        ("февраль–март 2021", YTD, False),
        ("2021", YTD, True),
        ("2021", "MONTH", False),
        ("март 2021", "MONTH", True),
        ("9 мес. 2021", YEAR, False),
        ("январь–декабрь 2021", YEAR, True),
        ("31.12.2021", "SNAPSHOT", True),
        ("2021", "SNAPSHOT", False),
        ("5–22 января 2022", "CUMULATIVE_EVENT", True),
    ],
)
def test_the_type_that_the_caller_knows_holds_where_it_can(
    text: str, asked: str, is_read: bool
) -> None:
    read = read_period(text, asked)
    assert (read is not None) == is_read
    assert read is None or read.period_type == asked


def test_periods_that_disagree_can_be_named() -> None:
    found = find_periods("за 2020 год; за 9 месяцев 2019 года")
    assert [one.words for one in found] == ["2020 год", "9 месяцев 2019 года"]


def test_a_workspace_may_bring_its_own_words() -> None:
    own = builtin_period_words().model_copy(update={"half": ("yarim yil",)})
    read = read_period("1 yarim yil 2020", words=PeriodWords(**own.model_dump()))
    assert read is not None
    assert read.period_type == "HALF_YEAR"


@FEW
@given(YEARS, st.integers(1, 12), st.sampled_from(["{m:02d}.{y}", "{y}-{m:02d}"]))
def test_a_month_in_digits_reads_back(year: int, month: int, form: str) -> None:
    read = read_period(form.format(y=year, m=month))
    if form.startswith("{y}") and (year + 1) % 100 == month:
        assert read is None
    else:
        assert read is not None
        assert read.start == f"{year}-{month:02d}-01"


@FEW
@given(YEARS, st.data())
def test_a_period_in_words_reads_back(year: int, data: st.DataObject) -> None:
    words = builtin_period_words().months
    plain = [word for word in words[1] + words[2] + words[3] if "*" not in word]
    first = data.draw(st.sampled_from([w for w in plain if w in words[1]]))
    last = data.draw(st.sampled_from([w for w in plain if w in words[3]]))
    dash = data.draw(st.sampled_from(["-", "–", " — "]))
    for text in (f"{first}{dash}{last} {year}", f"{year} {first}{dash}{last}"):
        read = read_period(text)
        assert read is not None
        assert (read.start, read.end) == (f"{year}-01-01", f"{year}-03-31")


@FEW
@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.integers(0, 900))
def test_days_in_digits_read_back(first: dt.date, length: int) -> None:
    last = first + dt.timedelta(days=length)
    text = f"с {first:%d.%m.}{first.year} по {last:%d.%m.}{last.year} г."
    read = read_period(text)
    if last.year > 2100:
        return
    assert read is not None
    assert (read.start, read.end) == (first.isoformat(), last.isoformat())


@FEW
@given(st.text(), st.integers(2, 12))
def test_no_text_breaks_it_and_none_without_digits_is_a_period(
    text: str, month: int
) -> None:
    read = read_period(text, fiscal_start=month)
    assert read is None or any(sign.isdigit() for sign in text)


@FEW
@given(
    st.lists(
        st.sampled_from(
            [*"-–/.,;() ", "2019", "9", "мес.", "январь", "год", "на", "до", "1-й",
             "полугодие", "Q", "2018/19", "01.02.2020", "12 ай", "ending", "весна"]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_any_order_of_its_words_gives_a_period_in_order_or_none(
    parts: list[str],
) -> None:
    read = read_period(" ".join(parts), fiscal_start=4)
    assert read is None or read.start <= read.end
