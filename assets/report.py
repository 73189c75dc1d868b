"""What an asset says of itself: counts, hashes, previews, results of checks.

In here: turning frames into Dagster metadata. Not in here: making the frames.
A record of a restricted register is never shown: previews are of published tables and
of reasons, which name cells and rules, not contents.
"""

import base64
from collections.abc import Mapping

import dagster as dg
import pandas as pd

FEW = 20
OWNERS = ["team:statistics"]


def markdown(frame: pd.DataFrame, rows: int = FEW) -> dg.MarkdownMetadataValue:
    """Return the first rows of a frame as a Markdown table."""
    shown = frame.head(rows).astype("object").fillna("").astype("str")
    lines = [
        "| " + " | ".join(map(str, shown.columns)) + " |",
        "|" + "---|" * len(shown.columns),
        *("| " + " | ".join(map(cell, row)) + " |" for row in shown.to_numpy()),
    ]
    if len(frame) > rows:
        lines.append(f"\n… and {len(frame) - rows:,} more rows")
    return dg.MetadataValue.md("\n".join(lines))


def cell(text: str) -> str:
    """Return a text that stays inside its cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def schema(columns: Mapping[str, str]) -> dg.TableSchemaMetadataValue:
    """Return the columns of a table with their descriptions."""
    return dg.MetadataValue.table_schema(
        dg.TableSchema(
            [dg.TableColumn(name, description=text) for name, text in columns.items()]
        )
    )


def picture(png: bytes, alt: str) -> dg.MarkdownMetadataValue:
    """Return a picture that the UI shows, with its description in words."""
    encoded = base64.b64encode(png).decode("ascii")
    return dg.MetadataValue.md(f"![{alt}](data:image/png;base64,{encoded})\n\n{alt}")


def found_check(
    name: str, wrong: pd.DataFrame, *, blocking: bool = False, said: str = ""
) -> dg.AssetCheckResult:
    """Return a check that fails when a query found wrong rows, and shows them."""
    return dg.AssetCheckResult(
        passed=wrong.empty,
        check_name=name,
        severity=dg.AssetCheckSeverity.ERROR if blocking else dg.AssetCheckSeverity.WARN,
        description=said or None,
        metadata={"rows": len(wrong), f"first {FEW}": markdown(wrong)},
    )
