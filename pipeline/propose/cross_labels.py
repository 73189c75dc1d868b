"""What the labels of a crosstab stand for: a dimension, a period, an indicator.

In here: the field of each label column, the fields of each column of numbers. Not in
here: finding the labels (`cross_frame.py`).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from pipeline.collect.layout import LEVELS
from pipeline.propose.context import DIMENSION_LISTS, Context
from pipeline.propose.cross_frame import Frame
from pipeline.propose.looks import PERIOD, YEAR, View
from pipeline.propose.matching import LIKELY, SURE, best_code, likely_list, matches
from pipeline.propose.nodes import FILL_IN, Flow, Noted
from pipeline.propose.personal import NAME, SURE_NAME, SURNAME, personal_word, share
from pipeline.propose.regions import is_caption
from pipeline.propose.totals import says_part
from schemas.records import RECORDS

IN_LABEL = re.compile(
    r"(?<![\d/])(?:(?:19|20)\d{2}\s?[/–-]\s?(?:\d{4}|\d{2})|\d{2}/\d{2}|(?:19|20)\d{2})"
    r"(?![\d/])"
)
FINANCIAL = re.compile(r"(?<!\d)(?:\d{2}|\d{4})\s?[/–-]\s?\d{2}(?:\d{2})?(?!\d)")
SHARE_WORDS = ("percent", "%", "процент", "доля", "пайыз", "share of")
LEAST_SHARE = 0.5
"""Of labels that a code list must know to be taken for theirs."""

NESTED = 60
"""Rows of the longest table whose labels are listed one by one."""


def is_share(label: str) -> bool:
    """Return whether a column holds shares of the numbers beside it."""
    return any(word in label.casefold() for word in SHARE_WORDS)


def stub_headers(view: View, frame: Frame) -> dict[int, str]:
    """Return position → header of each label column, empty where it has none."""
    rows = (*(row for row, _ in frame.levels), *frame.head.rows)
    return {
        at: next((str(view.texts[r, at]) for r in rows if view.texts[r, at]), "")
        for at in frame.stubs
    }


def stub_fields(
    view: View, frame: Frame, totals: Iterable[int], context: Context
) -> dict[int, Noted]:
    """Return the field of each label column, with what speaks for it."""
    data = [row for row in frame.labels if row not in set(totals)]
    return {
        at: column_field(
            header, [t for row in data if (t := str(view.texts[row, at]))], context
        )
        for at, header in stub_headers(view, frame).items()
    }


def column_field(header: str, texts: Sequence[str], context: Context) -> Noted:
    """Return the field of a column of labels, with what speaks for it."""
    different = dict.fromkeys(texts)
    if why := personal_word(header, context.words):
        return Noted(FILL_IN, f"{why} (by the header)? people must not be read")
    if share(different, SURE_NAME.fullmatch) >= 0.15:
        return Noted(FILL_IN, "names of people (by the cells)? then not to be read")
    if texts and all(YEAR.fullmatch(t) or PERIOD.fullmatch(t) for t in different):
        context.has_financial_years |= any(FINANCIAL.search(t) for t in different)
        return Noted("period", "")
    field, score = dimension_of(header, context)
    if field and score >= LIKELY:
        seen = context.see_labels(DIMENSION_LISTS[field], different)
        return Noted(field, ("sure? " if score < SURE else "") + seen)
    return field_by_words(different, field, context)


def field_by_words(texts: Collection[str], field: str, context: Context) -> Noted:
    """Return the field that labels are most likely values of, by themselves.

    Args:
        texts: the different labels.
        field: what their header may mean, or nothing.
        context: the code lists.
    """
    name, known = likely_list(texts, context.lists, all_lists())
    if known >= LEAST_SHARE:
        seen = context.see_labels(name, texts)
        return Noted(field_of_list(name), f"sure? by its words; {seen}")
    shapes = (NAME.fullmatch, SURNAME.fullmatch)
    if len(texts) > 3 and max(share(texts, one) for one in shapes) >= 0.5:
        return Noted(FILL_IN, "names of people or places? people must not be read")
    hint = f"; perhaps {field}" if field else ""
    return Noted(FILL_IN, f"which dimension are its {len(texts)} labels?{hint}")


def dimension_of(header: str, context: Context) -> tuple[str, int]:
    """Return the dimension that a header most likely means, and how alike they are."""
    for one in matches(header, RECORDS["figures"], context.words) if header else ():
        if one.field in DIMENSION_LISTS:
            return one.field, one.score
    return "", 0


def all_lists() -> list[str]:
    """Return the code lists of dimensions."""
    return sorted(set(DIMENSION_LISTS.values()))


def field_of_list(name: str) -> str:
    """Return the first dimension with a code list."""
    return next(field for field, codes in DIMENSION_LISTS.items() if codes == name)


def are_listed(
    frame: Frame, fields: Mapping[int, Noted], totals: Iterable[int], context: Context
) -> bool:
    """Return whether the rows are listed label by label.

    So where parts of parts stand among them, or where nothing is known of a single
    column of labels: it may mix dimensions.
    """
    data = set(frame.labels) - set(totals)
    if len(data) > NESTED:
        return False
    if may_name(fields):
        return False
    is_nested = any(says_part(text, context.words) for text in frame.labels.values())
    return is_nested or all(one.value == FILL_IN for one in fields.values())


def may_name(fields: Mapping[int, Noted]) -> bool:
    """Return whether labels may name people; then none of them is quoted."""
    return any("people" in one.doubt for one in fields.values())


def told_columns(
    heads: Mapping[int, str], band: Sequence[str], context: Context
) -> dict[str, Any]:
    """Return the keys that tell what the columns of numbers stand for."""
    texts = [*heads.values()]
    if like := period_patterns(texts):
        context.has_financial_years |= any(FINANCIAL.search(t) for t in texts)
        return {"columns_like": like}
    last = {text: text.split(LEVELS)[-1] for text in texts}
    name, known = likely_list(last.values(), context.lists, all_lists())
    field = field_of_list(name) if known >= LEAST_SHARE else ""
    doubt = "sure? by their words; " if field else ""
    band = [text for text in band if not is_caption(text, context.table_words)]
    for text in band:
        if not field:
            field, score = dimension_of(text, context)
            doubt = "by the header above them; " if score >= LIKELY else "sure? "
    if field:
        seen = context.see_labels(DIMENSION_LISTS[field], last.values())
        return {"columns_of": {field: Noted(texts, doubt + seen)}}
    if band:
        return {"columns_of": {FILL_IN: Noted(texts, "which dimension?")}}
    return {"columns": {text: measure(text, last[text], context) for text in texts}}


def measure(text: str, last: str, context: Context) -> Noted:
    """Return the fields of a column that is an indicator of its own."""
    code, _ = best_code(last, context.lists["indicator"].known("*"))
    told = {"indicator": FILL_IN, "unit": "PERCENT" if is_share(text) else FILL_IN}
    return Noted(Flow(told), f"{code}?" if code and not code.startswith("_") else "")


def period_patterns(texts: Sequence[str]) -> dict[str, Any]:
    """Return pattern → fields, where all labels state a year or financial year."""
    patterns: dict[str, int] = {}
    for text in texts:
        match = IN_LABEL.search(text)
        if match is None:
            return {}
        parts = (text[: match.start()], text[match.end() :])
        before, after = (escaped(part) for part in parts)
        digits = re.sub(r"\d+", r"\\d+", match[0]).replace(" ", r"\s?")
        form = rf"{before}(?P<year>{digits}){after}"
        patterns[form] = patterns.get(form, 0) + 1
    if len(texts) < 2 or len(patterns) * 2 > len(texts):
        return {}
    own: dict[str, str] = {}
    if len(patterns) > 1:
        own = {"indicator": FILL_IN, "unit": FILL_IN}
    found = {}
    for form, count in patterns.items():
        unit = {"unit": "PERCENT"} if is_share(form) else {}
        fields = {"period": "{year}"} | own | unit
        found[form] = Noted(Flow(fields), f"{count} columns; next year's, too")
    return found


def escaped(text: str) -> str:
    """Return a text as a pattern; blanks and commas stay readable."""
    return re.sub(r"\\([ ,:;#&~-])", r"\1", re.escape(text))
