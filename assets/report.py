"""What an asset says of itself: counts, hashes, previews, results of checks.

In here: turning frames into Dagster metadata. Not in here: making the frames.
A record of a restricted register is never shown: previews are of published tables and
of reasons, which name cells and rules, not contents.
"""

import base64
from collections.abc import Collection, Iterable, Mapping
from io import BytesIO
from typing import Any

import dagster as dg
import pandas as pd
from PIL import Image

FEW = 20
WIDTH_PX, COLOURS = 1000, 128
OWNERS = ["team:statistics"]
NOT_SHOWN = "not shown"
TOTAL = "_T"


def markdown(frame: pd.DataFrame, rows: int = FEW) -> dg.MarkdownMetadataValue:
    """Return the first rows of a frame as a Markdown table."""
    if frame.empty:
        return dg.MetadataValue.md("none")
    shown = frame.head(rows).astype("object")
    lines = [
        "| " + " | ".join(map(str, shown.columns)) + " |",
        "|" + "---|" * len(shown.columns),
        *("| " + " | ".join(map(cell, row)) + " |" for row in shown.to_numpy()),
    ]
    if len(frame) > rows:
        lines.append(f"\n… and {len(frame) - rows:,} more rows")
    return dg.MetadataValue.md("\n".join(lines))


def hashes(files: pd.DataFrame) -> dg.MarkdownMetadataValue:
    """Return the SHA-256 of each file, in two lines: in one it would be cut off."""
    half = 32
    return lines_of(
        f"{row['vintage']}/{row['file']}  \n  "
        f"`{row['sha256'][:half]}`  \n  `{row['sha256'][half:]}`"
        for row in files.to_dict(orient="records")
    )


def cell(value: Any) -> str:
    """Return a value as text that stays inside its cell of a Markdown table."""
    if pd.isna(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("|", "\\|").replace("\n", " ")


def lines_of(texts: Iterable[str]) -> dg.MarkdownMetadataValue:
    """Return texts one below the other: they are not cut off where the page ends."""
    return dg.MetadataValue.md("\n".join(f"- {text}" for text in texts) or "none")


def preview(
    frame: pd.DataFrame, dimensions: Collection[str], hidden: Collection[str], rows: int
) -> dg.MarkdownMetadataValue:
    """Return the first rows of a published table, totals first.

    Args:
        frame: the table.
        dimensions: its dimensions; one that is `_T` in every row shown is left out.
        hidden: columns that tell a reader nothing at a glance.
        rows: how many rows to show.
    """
    coded = list(dimensions)
    parts = (frame[coded] != TOTAL).sum(axis=1).sort_values(kind="stable")
    ordered = frame.loc[parts.index].drop(columns=list(hidden))
    first = ordered.head(rows)
    dull = [name for name in coded if (first[name] == TOTAL).all()]
    return markdown(ordered.drop(columns=dull), rows)


def schema(
    columns: Mapping[str, str], types: Mapping[str, str] | None = None
) -> dg.TableSchemaMetadataValue:
    """Return the columns of a table with their descriptions; text unless told."""
    told = types or {}
    return dg.MetadataValue.table_schema(
        dg.TableSchema(
            [
                dg.TableColumn(name, type=told.get(name, "string"), description=text)
                for name, text in columns.items()
            ]
        )
    )


def picture(png: bytes, alt: str) -> dg.MarkdownMetadataValue:
    """Return a picture that fits into a window of the UI, with its words."""
    encoded = base64.b64encode(narrowed(png)).decode("ascii")
    words = alt.replace("[", "(").replace("]", ")")
    return dg.MetadataValue.md(f"![{words}](data:image/png;base64,{encoded})\n\n{alt}")


def narrowed(png: bytes) -> bytes:
    """Return a picture at most as wide as the UI shows, in few colours.

    The UI would cut off the rest; the history of runs keeps every picture for ever.
    """
    with Image.open(BytesIO(png)) as full, BytesIO() as small:
        height = round(full.height * WIDTH_PX / full.width)
        flat = full.convert("RGB")
        if full.width > WIDTH_PX:
            flat = flat.resize((WIDTH_PX, height), Image.Resampling.LANCZOS)
        flat.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG")
        return small.getvalue()


def found_check(name: str, wrong: pd.DataFrame) -> dg.AssetCheckResult:
    """Return a check that warns when there are wrong rows, and shows them."""
    return dg.AssetCheckResult(
        passed=wrong.empty,
        check_name=name,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"rows": len(wrong), "offending rows": markdown(wrong)},
    )
