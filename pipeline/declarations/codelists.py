"""Code lists and spellings: what may be written, and which code it is.

In here: reading `schemas/codelists` and `schemas/spellings`, and looking words up.
Not in here: coding the columns of a record (`process/classify.py`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path

import pandas as pd

from pipeline.declarations.base import Declaration, read_yaml
from pipeline.declarations.letters import loose
from pipeline.errors import DeclarationError
from pipeline.workspace import REPOSITORY, Workspace

COLUMNS = (
    *("code", "parent", "valid_from", "valid_to", "ref_area"),
    *("label_en", "label_ru", "label_kk"),
    *("label_en_status", "label_ru_status", "label_kk_status"),
    *("validity_status", "source", "note"),
)
SPELLING_COLUMNS = ("spelling", "code", "source", "reason")
ANY = "*"
ACCEPTED_STATUS = ("V", "V-en", "P")
"""Labels of these statuses are accepted as a spelling; one from memory is not."""


class ListDeclaration(Declaration):
    """What a code list is about, and its columns beyond the common ones."""

    title: str
    description: str
    extra: tuple[str, ...] = ()


def normalise(word: str) -> str:
    """Return the form in which words are compared.

    Unicode NFC, lower case, ё as е, one blank for any run of white space.
    """
    text = unicodedata.normalize("NFC", word).casefold().replace("ё", "е")
    return re.sub(r"\s+", " ", text).strip()


@dataclass(frozen=True, eq=False)
class CodeList:
    """One list: its rows and the ways in which a source may write its codes.

    A list equals only itself, so that what is derived from it can be kept.
    """

    name: str
    title: str
    description: str
    rows: pd.DataFrame
    words: pd.DataFrame = field(repr=False)

    @property
    def codes(self) -> frozenset[str]:
        """Return every code of the list."""
        return frozenset(self.rows["code"])

    @property
    def areas(self) -> frozenset[str]:
        """Return the countries that codes of the list belong to."""
        return frozenset(self.rows["ref_area"]) - {""}

    def known(self, source: str, areas: Iterable[str] | None = None) -> dict[str, str]:
        """Return normalised spelling → code, as one source may write it.

        Args:
            source: id of the source.
            areas: countries that the source is about. Codes of any other country, with
                their labels and spellings, are none of its words; rows of the list
                without a country count for all. Not told: of every country.

        Raises:
            DeclarationError: a spelling of the source leads to another country's code.
        """
        about = self.areas if areas is None else self.areas & set(areas)
        own = self.words[self.words["source"].eq(source)]
        theirs = self.rows.loc[~of_areas(self.rows, about), "code"]
        if abroad := sorted(set(own["code"]) & set(theirs)):
            raise DeclarationError(
                f"schemas/spellings/{self.name}.csv: {source}: {', '.join(abroad)}: a "
                f"code of another country than {', '.join(sorted(areas or ()))}"
            )
        found = spellings_of(self, about)
        return found[ANY] | found.get(source, {})

    def likened(
        self, word: str, source: str, areas: Iterable[str] | None = None
    ) -> str | None:
        """Return the code of the source's first spelling with `*` that a word fits."""
        form = normalise(word)
        patterns = self.patterns(source, areas)
        return next((c for p, c in patterns if re.fullmatch(p, form)), None)

    def patterns(
        self, source: str, areas: Iterable[str] | None = None
    ) -> tuple[tuple[str, str], ...]:
        """Return regular expression and code of each spelling of a source with `*`."""
        about = self.areas if areas is None else self.areas & set(areas)
        return patterns_of(self, source, about)

    def loosely_known(
        self, source: str, areas: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Return loose form (`letters.loose`) → code, where that is one code only.

        A second chance for a word that `known` has not; who uses it has to say so.
        """
        return loose_forms(self, source, None if areas is None else frozenset(areas))

    def label(self, code: str, language: str = "en") -> str:
        """Return the latest label of a code, or the code where there is none."""
        rows = self.rows.loc[self.rows["code"] == code, f"label_{language}"]
        return str(rows.iloc[-1]) if len(rows) and rows.iloc[-1] else code

    def column(self, name: str) -> dict[str, str]:
        """Return code → value of one column of the list, the latest row's."""
        return dict(zip(self.rows["code"], self.rows[name], strict=True))

    def at(self, name: str, day: str) -> dict[str, str]:
        """Return code → value of one column, as valid on a day (ISO)."""
        rows = self.rows
        opened = (rows["valid_from"] == "") | (rows["valid_from"] <= day)
        open_still = (rows["valid_to"] == "") | (rows["valid_to"] >= day)
        valid = rows[opened & open_still]
        return dict(zip(valid["code"], valid[name], strict=True))


@lru_cache(maxsize=256)
def patterns_of(
    codelist: CodeList, source: str, areas: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    """Return pattern and code of each spelling of one source in which `*` stands."""
    words = codelist.words
    codes = codelist.rows.loc[of_areas(codelist.rows, areas), "code"]
    own = words[words["source"].eq(source) & words["code"].isin(codes)]
    own = own[own["spelling"].str.contains(ANY, regex=False)]
    parted = (normalise(word).split(ANY) for word in own["spelling"])
    forms = (".*".join(re.escape(part) for part in parts) for parts in parted)
    return tuple(zip(forms, own["code"].astype("str"), strict=True))


@lru_cache(maxsize=256)
def loose_forms(
    codelist: CodeList, source: str, areas: frozenset[str] | None
) -> dict[str, str]:
    """Return loose form → code of one list for one source, without those of two codes.

    A form of one letter is left out: it is too easily another one.
    """
    found: dict[str, set[str]] = {}
    for word, code in codelist.known(source, areas).items():
        found.setdefault(loose(word), set()).add(code)
    return {
        form: codes.pop()
        for form, codes in found.items()
        if len(codes) == 1 and len(form) > 1
    }


def read_codelists(workspace: Workspace) -> dict[str, CodeList]:
    """Return all code lists of a workspace by name.

    A workspace adds rows to a built-in list by a file of the same name and columns
    under its own schemas/codelists; it changes none.

    Raises:
        DeclarationError: a list lacks a column, has one undeclared, is not declared,
            a spelling points at no code or at two, or a workspace adds to a list that
            is not built in, or a code in a period in which there is one.
    """
    declared = {
        name: ListDeclaration.model_validate(body)
        for name, body in read_yaml(REPOSITORY / "schemas" / "codelists.yml").items()
    }
    rows = {path.stem: [path] for path in csv_files(REPOSITORY)}
    if missing := sorted(set(declared) ^ set(rows)):
        raise DeclarationError(
            f"schemas/codelists: {', '.join(missing)} must both be declared in "
            "codelists.yml and have a file"
        )
    for path in csv_files(workspace.root) if workspace.root != REPOSITORY else ():
        if path.stem not in rows:
            raise DeclarationError(
                f"{path}: there is no code list {path.stem!r} to add rows to"
            )
        rows[path.stem].append(path)
    words = read_spellings(workspace)
    if stray := sorted(set(words["list"]) - set(declared) - {"_all"}):
        raise DeclarationError(
            f"schemas/spellings: {', '.join(stray)}: no code list has this name"
        )
    return {
        name: make_list(name, declaration, rows[name], words)
        for name, declaration in declared.items()
    }


def make_list(
    name: str, declared: ListDeclaration, paths: Sequence[Path], words: pd.DataFrame
) -> CodeList:
    """Return one code list, from its files, with its spellings."""
    parts = [read_table(path, COLUMNS + declared.extra) for path in paths]
    rows = pd.concat(parts, ignore_index=True)
    for path in paths[1:]:
        check_additions(path, rows)
    mine = words[words["list"].isin([name, "_all"])]
    codes = set(rows["code"])
    # A word of `_all` (such as "unknown") counts only where the list has its code, and
    # where the word is no code itself.
    plain = mine["spelling"].map(normalise).isin({normalise(code) for code in codes})
    mine = mine[(mine["list"] == name) | (mine["code"].isin(codes) & ~plain)]
    unknown = mine.loc[~mine["code"].isin(codes), "code"]
    if len(unknown):
        raise DeclarationError(
            f"schemas/spellings/{name}.csv: no such code: {', '.join(unknown)}"
        )
    made = CodeList(name, declared.title, declared.description, rows, mine)
    for area in ("", *sorted(made.areas)):
        spellings_of(made, frozenset({area}))
    return made


def csv_files(root: Path) -> list[Path]:
    """Return the files of code lists below the folder of the clone or a workspace."""
    return sorted((root / "schemas" / "codelists").glob("*.csv"))


def check_additions(path: Path, rows: pd.DataFrame) -> None:
    """Check a list with the rows that a workspace adds.

    Raises:
        DeclarationError: a code is valid twice on one day, or its parent is no code.
    """
    opened = rows["valid_to"].mask(rows["valid_to"].eq(""), "9999-12-31")
    ordered = rows.assign(last=opened).sort_values(["code", "valid_from"])
    before = ordered.groupby("code")["last"].shift()
    twice = ordered.loc[before.notna() & (ordered["valid_from"] <= before), "code"]
    orphans = rows.loc[~rows["parent"].isin({"", *rows["code"]}), "parent"]
    for codes, what in (
        (twice, "valid twice on one day"),
        (orphans, "a parent unknown"),
    ):
        if len(codes):
            raise DeclarationError(f"{path}: {what}: {', '.join(sorted(set(codes)))}")


def of_areas(rows: pd.DataFrame, areas: Iterable[str]) -> pd.Series:
    """Return which rows of a list belong to one of some countries, or to none."""
    return rows["ref_area"].isin({"", *areas})


Spellings = dict[str, dict[str, str]]
"""Source → normalised spelling → code."""


@lru_cache(maxsize=1024)
def spellings_of(codelist: CodeList, areas: frozenset[str]) -> Spellings:
    """Return what may be written for the codes of some countries, and of none.

    A word that means one code here and another code there is left out: which of them a
    source about both means only it can tell.
    """
    if len(areas) < 2:
        return spellings_in(codelist, *areas)
    found: Spellings = {}
    each = [spellings_in(codelist, area) for area in sorted(areas)]
    for source in dict.fromkeys(source for one in each for source in one):
        words = [one.get(source, {}) for one in each]
        meant: dict[str, set[str]] = {}
        for word, code in chain.from_iterable(one.items() for one in words):
            meant.setdefault(word, set()).add(code)
        found[source] = {w: codes.pop() for w, codes in meant.items() if len(codes) < 2}
    return found


def spellings_in(codelist: CodeList, area: str = "") -> Spellings:
    """Return what may be written for the codes of one country: themselves and words.

    A spelling may say what a label means, but never what another code means.

    Raises:
        DeclarationError: a spelling is another code, or a source spells two codes so.
    """
    rows = codelist.rows[of_areas(codelist.rows, {area})]
    codes = {normalise(code): code for code in rows["code"]}
    found: Spellings = {ANY: dict(codes)}
    for language in ("en", "ru", "kk"):
        seen = rows[rows[f"label_{language}_status"].isin(ACCEPTED_STATUS)]
        for label, code in zip(seen[f"label_{language}"], seen["code"], strict=True):
            found[ANY].setdefault(normalise(label), code)
    words = codelist.words[codelist.words["code"].isin(rows["code"])]
    is_pattern = words["spelling"].str.contains(ANY, regex=False)
    if (is_pattern & words["source"].eq(ANY)).any():
        raise DeclarationError(
            f"schemas/spellings/{codelist.name}.csv: only the spellings of one source "
            f"may have a {ANY}"
        )
    for row in words[~is_pattern].itertuples():
        word, mine = normalise(str(row.spelling)), found.setdefault(str(row.source), {})
        already = codes.get(word) or (mine.get(word) if row.source != ANY else None)
        if already not in (None, row.code):
            raise DeclarationError(
                f"schemas/spellings/{codelist.name}.csv: {row.spelling!r} would mean "
                f"both {already} and {row.code}"
            )
        mine[word] = str(row.code)
    return found


def read_spellings(workspace: Workspace) -> pd.DataFrame:
    """Return all spellings with the list that each belongs to.

    A workspace adds to the built-in spellings of a list under the same file name.
    """
    files = sorted((REPOSITORY / "schemas" / "spellings").glob("*.csv"))
    if workspace.root != REPOSITORY:
        files += sorted((workspace.schemas / "spellings").glob("*.csv"))
    frames = [
        read_table(path, SPELLING_COLUMNS).assign(list=path.stem) for path in files
    ]
    return pd.concat(frames, ignore_index=True)


def read_table(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a declaration kept as CSV, all text, with exactly these columns."""
    frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")
    if tuple(frame.columns) != columns:
        odd = sorted(set(frame.columns) ^ set(columns)) or ["their order"]
        raise DeclarationError(f"{path}: columns differ from those declared: {odd}")
    return frame
