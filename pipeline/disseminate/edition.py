"""What goes with the tables of a release: code lists, sources, documents, its date.

In here: the small types that the writers share, and what they say about sources. Not
in here: writing anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.analyse.disclosure import ProtectedTable, Refusal
from pipeline.declarations.codelists import CodeList
from pipeline.declarations.sources import Document, Source
from pipeline.model import Delivery

DOCUMENT_COLUMNS = tuple(Document.model_fields)


@dataclass(frozen=True)
class Reference:
    """What explains the tables.

    `documents` are the citations that were loaded from sheets: the columns of
    `Document`, and `source_id`. Those declared with a source are added by `cited`.
    """

    lists: Mapping[str, CodeList]
    sources: Mapping[str, Source]
    documents: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=[*DOCUMENT_COLUMNS, "source_id"])
    )


@dataclass(frozen=True)
class Edition:
    """What one release is: its day (ISO), its words, and what it was made from."""

    release_date: str
    title: str
    versions: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[Delivery, ...] = ()
    refused: tuple[Refusal, ...] = ()
    subject: str = ""
    about: str = ""


def sources_of(
    tables: Iterable[ProtectedTable], reference: Reference
) -> dict[str, Source]:
    """Return the sources that tables rest on, by id, each once."""
    used = sorted(frozenset().union(*(table.sources for table in tables)))
    return {name: reference.sources[name] for name in used}


def cited(sources: Mapping[str, Source], documents: pd.DataFrame) -> pd.DataFrame:
    """Return the documents that sources rest on, declared or loaded, all text."""
    declared = pd.DataFrame(
        [
            {"source_id": name, **document.model_dump()}
            for name, source in sources.items()
            for document in source.documents
        ],
        columns=["source_id", *DOCUMENT_COLUMNS],
    )
    loaded = documents.reindex(columns=["source_id", *DOCUMENT_COLUMNS])
    loaded = loaded[loaded["source_id"].isin(list(sources))]
    both = pd.concat([declared, loaded]).astype("object").fillna("").astype("str")
    return both.drop_duplicates(["source_id", "document"]).sort_values(
        ["source_id", "document"], ignore_index=True
    )
