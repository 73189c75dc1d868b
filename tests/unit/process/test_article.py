"""Articles of law: every spelling of one article is one, and nothing is guessed."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.declarations.codelists import CodeList, read_codelists
from pipeline.declarations.sources import Source
from pipeline.process.article import (
    Article,
    charge_of,
    charge_words,
    read_articles,
)
from pipeline.workspace import REPOSITORY, Workspace

HOME = frozenset({"KZ"})
FEW = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def charges() -> CodeList:
    """Return the code list of charges."""
    return read_codelists(Workspace(REPOSITORY))["charge"]


@pytest.mark.parametrize(
    "text",
    [
        "146 ч. 2",
        "146(2)",
        "ст.146 ч.2",
        "ст. 146, ч. 2",
        "Статья 146 часть 2",
        "часть 2 статьи 146 УК РК",
        "ч. 2 ст. 146",
        "УК РК ст. 146 ч. 2",
        "146-бап 2-бөлік",
        "146-баптың 2-бөлігі",
        "ҚР ҚК 146-бап, 2-бөлік",
        "art. 146(2)",
        "Article 146, part 2 of the Criminal Code",
        "1460002",
        "1460002.0",
        "cт. 146 ч. 2",
    ],
)
def test_every_spelling_of_an_article_and_its_part_is_one(
    text: str, charges: CodeList
) -> None:
    assert read_articles(text) == (Article("146", "2"),)
    assert charge_of(Article("146", "2"), charges, HOME) == "CC14-146-2"


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("ст.146 ч.2 п.а", "а"),
        ("п. «а» ч. 2 ст. 146 УК РК", "а"),
        ("cт.146 ч.2 п.a", "а"),
        ("ст. 146 часть 2 пункт 1", "1"),
        ("146-баптың 2-бөлігінің 1) тармағы", "1"),
        ("art. 146(2)(a)", "a"),
    ],
)
def test_a_point_is_read_and_makes_no_other_charge(
    text: str, point: str, charges: CodeList
) -> None:
    (read,) = read_articles(text)
    assert (read.article, read.part, read.point) == ("146", "2", point)
    assert charge_of(read, charges, HOME) == "CC14-146-2"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("347-1", "CC97-347-1"),
        ("ст. 141-1 УК РК 1997 года", "CC97-141-1"),
        ("141-1 ч. 2 п. а", "CC97-141-1-2"),
        ("1410102", "CC97-141-1-2"),
        ("3470100", "CC97-347-1"),
        ("ст. 308", "CC97-308"),
        ("ст. 146 ч. 1 (в ред. от 17.03.2023)", "CC14-146-1-W2023"),
        ("ст. 146 ч. 1 (до 17.03.2023)", "CC14-146-1-W2015"),
        ("ст. 146 ч. 1 (в ред. от 05.05.2019)", "CC14-146-1-W2015"),
    ],
)
def test_the_charge_is_that_of_the_code_and_wording(
    text: str, code: str, charges: CodeList
) -> None:
    assert [charge_of(one, charges, HOME) for one in read_articles(text)] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "146-2",
        "146.2",
        "ст. 146 ч. 7",
        "ст. 362 ч. 4",
        "ст. 146 (1997)",
        "ст. 347-1 УК 2014",
        "ст. 188 ч. 1",
        "2280002",
        "ст. 146 ч. 4 (до 17.03.2023)",
    ],
)
def test_an_article_that_the_list_has_not_is_no_charge(
    text: str, charges: CodeList
) -> None:
    (read,) = read_articles(text)
    assert charge_of(read, charges, HOME) is None


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("146, 362", ["146", "362"]),
        ("146 и 362", ["146", "362"]),
        ("ст.ст. 146, 362", ["146", "362"]),
        ("ст. 146 ч. 2; ст. 362 ч. 1", ["146/2", "362/1"]),
        ("ст. 146 ч. 2\nст. 362 ч. 1", ["146/2", "362/1"]),
        ("ч. 2 ст. 146, ч. 1 ст. 362", ["146/2", "362/1"]),
        ("ч. 1 и 2 ст. 146", ["146/1", "146/2"]),
        ("2280002, 2860001; 2940003", ["228/2", "286/1", "294/3"]),
        ("2280104;910000", ["228-1/4", "91"]),
    ],
)
def test_several_articles_of_one_cell_are_read(text: str, articles: list[str]) -> None:
    read = [f"{one.article}/{one.part}".rstrip("/") for one in read_articles(text)]
    assert read == articles


@pytest.mark.parametrize(
    "text",
    ["", "пытки", "ст.", "ч. 2", "146 2", "146/2", "ст. 146 ч. 1, 2", "ст. 146 УК РФ",
     "ст. 347-1 или 141-1", "ст. 146 ч. 2 и другие", "1234567890", "2014", "-"],
)  # fmt: skip
def test_what_is_not_wholly_articles_is_not_read(text: str) -> None:
    assert read_articles(text) == ()


def test_the_law_of_the_caller_holds_where_the_text_names_none() -> None:
    both = read_articles("ст. 146 УК 1997, ст. 362", "CC2014")
    assert [one.law for one in both] == ["CC1997", "CC2014"]


def test_a_word_is_known_only_when_each_of_its_articles_is(
    charges: CodeList, sources: dict[str, Source]
) -> None:
    words = ["362 ч. 1, 146 ч. 2", "146 ч. 2, 188 ч. 1", "пытки"]
    found = charge_words(words, charges, sources["open"])
    assert found == {"362 ч. 1, 146 ч. 2": "CC14-146-2;CC14-362-1"}


def test_the_laws_are_those_of_the_country_of_the_source(
    charges: CodeList, sources: dict[str, Source]
) -> None:
    abroad = sources["open"].model_copy(update={"ref_area": "KG"})
    assert charge_words(["ст. 305-1"], charges, abroad) == {"ст. 305-1": "KG97-305-1"}
    assert not charge_words(["ст. 146 ч. 2"], charges, abroad)


def test_it_never_contradicts_a_declared_spelling(
    charges: CodeList, sources: dict[str, Source]
) -> None:
    path = REPOSITORY / "schemas" / "spellings" / "charge.csv"
    declared = pd.read_csv(path, dtype="str").set_index("spelling")["code"]
    declared = declared[declared != "CC97-TORTURE"]
    found = pd.Series(charge_words(declared.index, charges, sources["open"]))
    assert len(found) > 400
    assert found.equals(declared[found.index].rename(None).rename_axis(None))


@FEW
@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(read_articles(text), tuple)


@FEW
@given(
    st.integers(1, 999),
    st.integers(0, 9),
    st.integers(0, 9),
    st.sampled_from(
        ["ст. {a} ч. {p}", "{a}({p})", "ч. {p} ст. {a}", "{a}-бап {p}-бөлік"]
    ),
)
def test_an_article_reads_back(
    article: int, inserted: int, part: int, form: str
) -> None:
    number = f"{article}-{inserted}" if inserted else str(article)
    (coded,) = read_articles(f"{article:03d}{inserted:02d}{part:02d}")
    assert (coded.article, coded.part) == (number, str(part) if part else "")
    (written,) = read_articles(form.format(a=number, p=part or 1))
    assert (written.article, written.part) == (number, str(part or 1))
