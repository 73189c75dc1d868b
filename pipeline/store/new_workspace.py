"""`init`: an empty workspace for real registers, outside the clone.

In here: making its folders and a short guide. Not in here: anything in them.
"""

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import Point27Error
from pipeline.workspace import REPOSITORY

FOLDERS = (
    "raw",
    "schemas/sources",
    "schemas/spellings",
    "schemas/codelists",
    "schemas/tables",
    "schemas/charts",
    "schemas/corrections",
    "warehouse",
)
IGNORED = "# Nothing of a workspace with real registers belongs in a repository.\n*\n"
GUIDE = """\
A point27 workspace.

raw/<source>/<date of delivery>/<file>   what you receive; never change a file there
schemas/sources/<source>.yml             who supplies it, how it is laid out
schemas/spellings/<list>.csv             what your sources write, and the code it is
schemas/corrections/*.yml                cells that are corrected, and why
warehouse/                               what a build makes; may be deleted
.point27/pseudonym.key                   made by the first build: KEEP IT, and keep it
                                         secret. Without it the same person gets
                                         another pseudonym; counts stay the same.

Check a file:    point27 check FILE --source SOURCE --workspace {root}
Build:           point27 build --workspace {root}
Look:            point27 ui --workspace {root}

The three sources that ship with point27 stay in the clone. Copy a folder of its raw/
here if you want it built together with yours.
"""


def make_workspace(folder: Path) -> Iterator[str]:
    """Make an empty workspace and yield what to do next.

    Raises:
        Point27Error: the folder is not empty, or lies inside the clone.
    """
    root = refuse_taken(folder)
    make_folders(root)
    (root / "README.txt").write_text(GUIDE.format(root=root), encoding="utf-8")
    yield f"Made {root}"
    yield "Next: put files under raw/<source>/<date>/ and a declaration under"
    yield f"schemas/sources/; then: point27 build --workspace {root}"


def refuse_taken(folder: Path) -> Path:
    """Return the whole path of a folder that a workspace may be made in.

    Raises:
        Point27Error: the folder is not empty, or lies inside the clone.
    """
    root = folder.expanduser().resolve()
    if root.exists() and not root.is_dir():
        raise Point27Error(f"{root}: a file; choose a new folder")
    if root.exists() and any(root.iterdir()):
        raise Point27Error(f"{root}: not empty; choose a new folder")
    if root.is_relative_to(REPOSITORY):
        raise Point27Error(
            f"{root}: inside the clone, where registers could be committed by mistake; "
            "choose a folder outside it"
        )
    return root


def make_folders(root: Path) -> None:
    """Make the folders of a workspace, for its owner alone and for no repository."""
    for name in FOLDERS:
        (root / name).mkdir(parents=True, exist_ok=True)
    root.chmod(0o700)
    (root / ".gitignore").write_text(IGNORED, encoding="utf-8")
