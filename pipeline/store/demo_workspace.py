"""`demo`: a workspace of made-up registers, with the truth about them beside.

In here: making it as a whole or not at all. Not in here: what is in it
(`pipeline/demo`), or an empty workspace (`new_workspace.py`).
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.demo.declaring import write_declarations
from pipeline.demo.making import LEAST, MOST, write_world
from pipeline.errors import Point27Error
from pipeline.store.new_workspace import make_folders, refuse_taken

GUIDE = """\
A SYNTHETIC point27 workspace. NOTHING IN IT IS REAL.

`point27 demo` made it: {complaints} complaints in three lists, seed {seed}. No person,
place, office or matter in it exists, and no number says anything about any country.
Labels such as AK-000123 are numbers of nobody.

raw/         four made-up offices' files, with the mess of real ones
schemas/     their declarations and spellings
truth/       what a perfect reading gives, row by row; rule: why a row must be refused
truth/overlap.*   which complaints of different lists concern one matter

Everything that a build makes of it says SYNTHETIC. A build that mixes it with real
sources refuses.

Build:   point27 build --workspace {root}
Look:    point27 ui --workspace {root}
"""


def make_demo(folder: Path, complaints: int, seed: int) -> Iterator[str]:
    """Make a workspace of made-up registers and yield what to do next.

    It is written beside its place and put there when it is whole.

    Raises:
        Point27Error: the folder is not empty or lies inside the clone, or there would
            be too few or too many complaints.
    """
    if not LEAST <= complaints <= MOST:
        raise Point27Error(
            f"--complaints {complaints}: choose from {LEAST:,} to {MOST:,}"
        )
    if seed < 0:
        raise Point27Error(f"--seed {seed}: choose 0 or more")
    root = refuse_taken(folder)
    root.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{root.name}-", dir=root.parent))
    try:
        make_folders(beside)
        write_declarations(beside, complaints)
        write_world(beside, complaints, seed)
        guide = GUIDE.format(complaints=f"{complaints:,}", seed=seed, root=root)
        (beside / "README.txt").write_text(guide, encoding="utf-8")
        if root.exists():
            root.rmdir()
        beside.rename(root)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    yield f"Made {root}: {complaints:,} SYNTHETIC complaints in three lists"
    yield "and the truth about them in truth/. Nothing in it is real."
    yield f"Next: point27 build --workspace {root}"
