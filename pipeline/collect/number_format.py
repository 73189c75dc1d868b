"""What a spreadsheet shows for a number, by the number format of its cell.

In here: digits, thousands, decimals, percentages and fixed text of a format. Not in
here: dates, fractions and powers of ten, whose value says enough; reading the cell
(`peculiarities.py`).

Source: ECMA-376 part 1, 18.8.31 (numFmts).
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

PART = re.compile(r'"([^"]*)"|\\(.)|_(.)|\*.|\[[^\]]*\]|([#0?.,%])|(.)', re.DOTALL)
"""Quoted text, an escaped sign, a blank as wide as a sign, a fill, a colour or
condition, a place for a digit, any other sign."""

NOT_SHOWN_HERE = re.compile(r"general|e[+-]|[@/]", re.IGNORECASE)
DIGIT_PLACES = frozenset("#0?")
GROUP = 3


def shown_number(number: float, form: str) -> str | None:
    """Return what the sheet shows, or nothing where the format is not understood.

    A comma between digits is the thousands sign of the reader's own computer; it is
    shown here as a comma, as in an English one.
    """
    sections = form.split(";")
    section = sections[0]
    is_negative = number < 0
    if is_negative and len(sections) > 1:
        section, is_negative = sections[1], False
    if NOT_SHOWN_HERE.search(re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", section)):
        return None
    parts = parts_of(section)
    if not any(kind == "digit" for kind, _ in parts):
        return None
    try:
        text = filled_in(parts, abs(Decimal(str(number))))
    except InvalidOperation:  # more digits than any sheet shows
        return None
    return ("-" + text if is_negative else text).strip()


def parts_of(section: str) -> list[tuple[str, str]]:
    """Return the parts of a format as (digit | point | comma | text, sign)."""
    parts = []
    for match in PART.finditer(section):
        quoted, escaped, blank, sign, other = match.groups()
        if sign and sign in DIGIT_PLACES:
            parts.append(("digit", sign))
        elif sign in (".", ","):
            parts.append(("point" if sign == "." else "comma", sign))
        elif sign == "%":
            parts.append(("percent", sign))
        else:
            parts.append(("text", quoted or escaped or other or (" " if blank else "")))
    return parts


def filled_in(parts: list[tuple[str, str]], number: Decimal) -> str:
    """Return the parts with the digits of a number in their places."""
    kinds = [kind for kind, _ in parts]
    point = kinds.index("point") if "point" in kinds else len(parts)
    last = max((at for at in range(point) if kinds[at] == "digit"), default=-1)
    trailing = kinds[last + 1 : point].count("comma") if last >= 0 else 0
    scaled = number * 100 ** kinds.count("percent") / 1000**trailing
    decimals = kinds[point:].count("digit")
    rounded = scaled.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    is_grouped = "comma" in kinds[: max(last, 0)]
    return integer_text(parts[:point], whole.lstrip("0"), is_grouped) + fraction_text(
        parts[point:], fraction
    )


def integer_text(parts: list[tuple[str, str]], digits: str, is_grouped: bool) -> str:
    """Return the part before the decimal point, filled from the right."""
    first = next((at for at, (kind, _) in enumerate(parts) if kind == "digit"), -1)
    if first < 0:  # a format such as .00 still shows the whole part
        return "".join(sign for kind, sign in parts if kind == "text") + digits
    left, shown, count = list(digits), [], 0
    for at in range(len(parts) - 1, -1, -1):
        kind, sign = parts[at]
        if kind != "digit":
            shown.append(sign if kind in ("text", "percent") else "")
            continue
        while left or sign in "0?":
            digit = left.pop() if left else ("0" if sign == "0" else " ")
            comma = is_grouped and count and count % GROUP == 0
            shown.append(digit + ("," if comma else ""))
            count += 1
            if at != first or not left:
                break
    return "".join(reversed(shown))


def fraction_text(parts: list[tuple[str, str]], digits: str) -> str:
    """Return the decimal point and what follows it, filled from the left."""
    places = [sign for kind, sign in parts if kind == "digit"]
    kept = digits
    while kept and places[len(kept) - 1] == "#" and kept.endswith("0"):
        kept = kept[:-1]
    left, shown = list(kept), ""
    for kind, sign in parts:
        if kind == "digit":
            shown += left.pop(0) if left else ""
        elif kind == "point":
            shown += sign if kept or "#" not in places else ""
        elif kind in ("text", "percent"):
            shown += sign
    return shown
