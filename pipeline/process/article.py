"""Read articles of law in the spellings that sources use, and find their charge.

In here: "ст.146 ч.2 п.а", "146(2)", "146-бап 2-бөлік", "1460002", several in one cell.
Not in here: the words (`schemas/articles.yml`), or the wording in force at the act
(`classify.by_wording`).

A charge is found only where the code list has exactly that article and part. "347-1" is
an article of the code of 1997, "146-2" is none of the list: it stays unknown and may be
spelled out in `schemas/spellings/charge.csv` by somebody who knows the source.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.declarations.articles import article_words
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.sources import Source
from pipeline.model import SEPARATOR
from pipeline.process.citation import SAME_LETTERS, SEVEN_DIGITS, Piece, pieces_of

LAW = "(?P<law>L?) (?P<year>y?) (?P<day>D?)"
LATE = "L?y?(?P<late>D?)"
POINT = "(?:I(?P<point>[xn]),?)?"
PARTS = "P(?P<part>n) (?P<more>(?:[,&]P?n)*),?"
FORMS = tuple(
    re.compile(form.replace(" ", ""))
    for form in (
        # п. «а» ч. 2 ст. 146 УК РК; ч. 1 и 2 ст. 146
        rf"{POINT} {PARTS} A(?P<article>n) {LAW}",
        rf"I(?P<point>[xn]),? A(?P<article>n) {LAW} (?!,?[PIb])",
        # 146-бап 2-бөлік 1) тармақ; 146-баптың 2-бөлігі
        rf"L?y?(?P<article>n)a (?:,?(?P<part>n)p)? (?:,?(?P<point>[xn])i)? {LAW}",
        # ст. 146 УК РК ч. 2 п. а; 146 ч. 2
        rf"L?A?(?P<article>n) {LAW} (?:,?P(?P<part>n))? (?:,?I?(?P<point>x))? {LATE}",
        rf"L?A?(?P<article>n) {LAW} ,?P(?P<part>n) ,?I(?P<point>n) {LATE}",
        # 146(2), and its point
        rf"A?(?P<article>n) (?P<part>b) (?P<point>x?) {LAW}",
        # Seven digits.
        r"A?(?P<code>c) (?P<day>D?)",
    )
)
DIGITS_OF_OFFENCES = 3
BETWEEN = re.compile(r"[,;&/]+|$")


@dataclass(frozen=True, slots=True)
class Article:
    """An article of law as it was cited.

    `law` is a code of the list `law`, or empty where the text does not say; `in_force`
    a day (ISO) on which the wording was in force, where the text names a wording.
    """

    article: str
    part: str = ""
    point: str = ""
    law: str = ""
    in_force: str = ""


def read_articles(text: str, law: str = "") -> tuple[Article, ...]:
    """Return the articles that a text cites, in order; nothing where a part is unread.

    Read are Russian, Kazakh and English citations, `article(part)`, and seven digits:
    three of the article, two of what follows its dash or point, two of the part
    ("1460002" is art. 146 part 2, "1410102" art. 141-1 part 2), as in codings of
    cases by researchers and in registers. Several stand apart by comma, semicolon,
    a line end or "и". Latin letters that look like Cyrillic ones are read as these.

    Args:
        text: any text.
        law: code of the list `law` that holds where the text names none.
    """
    for form in (text, text.casefold().translate(SAME_LETTERS)):
        if found := cited(pieces_of(form)):
            told = (replace(one, law=one.law or law) for one in found)
            return tuple(dict.fromkeys(told))
    return ()


def cited(pieces: Sequence[Piece]) -> list[Article]:
    """Return the articles of a citation, or nothing where a piece of it is left."""
    kinds = "".join(piece.kind for piece in pieces)
    found: list[Article] = []
    at = 0
    while at < len(kinds):
        matches = [match for form in FORMS if (match := form.match(kinds, at))]
        match = max(matches, key=lambda one: one.end(), default=None)
        if match is None or (found and may_be_part(match, pieces)):
            return []
        found += articles_of(match, pieces)
        parted = BETWEEN.match(kinds, match.end())
        if parted is None:
            return []
        at = parted.end()
    return found


def may_be_part(match: re.Match[str], pieces: Sequence[Piece]) -> bool:
    """Return whether a bare number may be a further part of the article before it.

    "ст. 146 ч. 1, 2" and "146/2" have one article, "146, 362" two.
    """
    return match[0] == "n" and len(pieces[match.start()].text) < DIGITS_OF_OFFENCES


def articles_of(match: re.Match[str], pieces: Sequence[Piece]) -> Iterator[Article]:
    """Yield the article of one citation, once for each part that it names."""
    told = {
        name: pieces[match.start(name)].text if match[name] else ""
        for name in match.re.groupindex
    }
    in_force = told.get("day") or told.get("late", "")
    if code := told.get("code"):
        digits = SEVEN_DIGITS.fullmatch(code.removesuffix(".0").zfill(7))
        numbers = [number.lstrip("0") for number in digits.groups()] if digits else []
        article = "-".join(number for number in numbers[:2] if number)
        yield Article(article, "".join(numbers[2:]), in_force=in_force)
        return
    year = "".join(re.findall(r"\d{4}", told.get("year", "")))
    law = article_words().laws_by_year.get(year, year)
    parts = [told.get("part", "")]
    if told.get("more"):
        further = pieces[slice(*match.span("more"))]
        parts += [piece.text for piece in further if piece.kind == "n"]
    for part in parts:
        number = number_of(told["article"])
        yield Article(number, part, told.get("point", ""), law, in_force)


def number_of(text: str) -> str:
    """Return the number of an article: "228.1" and "228-1" are one."""
    return re.sub(r"[^\d-].*", "", text.replace(".", "-"))


def charge_of(article: Article, charges: CodeList, areas: frozenset[str]) -> str | None:
    """Return the code of an article and part, or None where the list has not just one.

    The point of a part makes no charge of its own. Where the citation names a wording,
    the code is that of the wording then in force.

    Args:
        article: what `read_articles` found.
        charges: the code list `charge`.
        areas: countries whose laws may be meant.
    """
    found = [
        code
        for law, code in codes_by_article(charges, areas).get(
            (article.article, article.part), ()
        )
        if article.law in ("", law)
    ]
    if len(found) != 1:
        return None
    if not article.in_force:
        return found[0]
    in_force = charges.at("base", article.in_force)
    worded = [code for code, base in in_force.items() if base == found[0] != code]
    if len(worded) == 1:
        return worded[0]
    return found[0] if found[0] in in_force and not worded else None


@lru_cache(maxsize=32)
def codes_by_article(
    charges: CodeList, areas: frozenset[str]
) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return (article, part) → (law, code) of some countries, without wordings."""
    rows = charges.rows
    base = rows["base"].eq("") | rows["base"].eq(rows["code"])
    rows = rows[base & rows["article"].ne("") & rows["ref_area"].isin(areas)]
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows.drop_duplicates("code").itertuples():
        key = (str(row.article), str(row.part))
        found.setdefault(key, []).append((str(row.law), str(row.code)))
    return found


def charge_words(
    words: Iterable[str], charges: CodeList, source: Source
) -> dict[str, str]:
    """Return word → code for those words whose every article the code list has.

    Args:
        words: what no spelling of the list knows.
        charges: the code list `charge`.
        source: whose words they are; its countries tell whose laws.

    Returns:
        Several codes of one word are joined by `model.SEPARATOR`, sorted, each once.
        A word with an article that the list has not is missing: it stays unknown.
    """
    found = {}
    for word in words:
        articles = read_articles(word)
        codes = [charge_of(one, charges, source.areas) for one in articles]
        if codes and None not in codes:
            found[word] = SEPARATOR.join(sorted({str(code) for code in codes}))
    return found
