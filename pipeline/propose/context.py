"""What a draft is made with, and what is gathered over all sheets of a file.

In here: words, code lists, and the spellings, signs and date forms that were seen. Not
in here: looking at a sheet.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.declarations.codelists import CodeList
from pipeline.declarations.header_words import HeaderWords
from pipeline.propose.kinds import Facts
from pipeline.propose.matching import CodeMatch, code_matches
from pipeline.propose.personal import names_people
from pipeline.propose.signs import Signs
from schemas.figures import DIMENSIONS

DIMENSION_LISTS = {field.name: field.codelist for field in DIMENSIONS}


@dataclass(slots=True)
class Context:
    """What a draft is made with, and what was seen so far."""

    source: str
    words: HeaderWords
    lists: Mapping[str, CodeList]
    record: str = ""
    signs: Signs = field(default_factory=Signs)
    spellings: dict[str, dict[str, CodeMatch]] = field(default_factory=dict)
    unquoted: dict[str, int] = field(default_factory=dict)
    date_forms: dict[str, bool] = field(default_factory=dict)
    has_financial_years: bool = False
    odd_years: set[str] = field(default_factory=set)

    @property
    def marks(self) -> frozenset[str]:
        """Return the normalised texts that may stand for no value."""
        return frozenset(self.words.meanings("mark"))

    @property
    def table_words(self) -> tuple[str, ...]:
        """Return the words with which a caption begins."""
        return self.words.words("role", "table")

    def see_words(self, codelist: str, facts: Facts) -> str:
        """Keep the words of a column for the spellings of a list; say what they are."""
        counts = facts.parts or facts.counts
        found = code_matches(counts, self.lists[codelist], self.source)
        return self.keep(codelist, found, len(counts))

    def see_labels(self, codelist: str, labels: Iterable[str]) -> str:
        """Keep labels of a table, which are headers, for the spellings of a list."""
        plain = Counter(dict.fromkeys(labels, 2))
        found = code_matches(plain, self.lists[codelist], self.source)
        return self.keep(codelist, found, len(plain))

    def keep(self, codelist: str, found: list[CodeMatch], every: int) -> str:
        """Keep what is not exactly known; return how many words are known."""
        known = sum(1 for one in found if one.score == 100)
        for one in found:
            if one.score < 100 and not names_people(one.text):
                self.spellings.setdefault(codelist, {}).setdefault(one.text, one)
        hidden = every - len(found)
        if hidden:
            self.unquoted[codelist] = self.unquoted.get(codelist, 0) + hidden
        return f"list {codelist}: {known} of {every} words known"

    def see_dates(self, facts: Facts) -> None:
        """Keep the forms of dates that must be declared."""
        for form in facts.date_forms:
            self.date_forms[form] = self.date_forms.get(form, False) or facts.asks_date
