"""Time the way of a flat register from its file to accepted records.

In here: making the (synthetic) workbooks, running each contender in a process of its
own, printing ratios and peak memory. Not in here: any assertion; see README.md.
"""

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROUNDS = 2
FILES, ROWS_OF_A_SMALL_FILE = 1000, 100
BATCH_BYTES = 20_000_000
"""Files are taken in together up to this size: a large one alone."""

SAMPLED_EVERY = 0.1
HEAD = {
    "Complaint no.": "complaint_id",
    "Received on": "received_on",
    "Act began": "event_from",
    "Act ended": "event_to",
    "Channel": "channel",
    "Complainant": "complainant_type",
    "Person": "person_key",
    "Persons": "persons_count",
    "Sex": "sex",
    "Deprived of liberty": "deprived_of_liberty",
    "Status": "custody_status",
    "Held at": "place_of_custody",
    "Place of act": "place_of_act",
    "Region": "region",
    "Accused body": "accused_body",
    "Allegations": "allegations",
    "Document": "document",
}
DROPPED = ("Remarks", "Entered by", "Sheet of journal")
WORDS: dict[str, tuple[str, ...]] = {
    "channel": ("unknown", "_O", "_U"),
    "complainant_type": ("_U", "_O", ""),
    "persons_count": ("1", "1", "1", "2", "3"),
    "sex": ("M", "F", "unknown"),
    "deprived_of_liberty": ("yes", "no", "unknown"),
    "custody_status": ("_U", "_O", ""),
    "place_of_custody": ("_U", "_O", ""),
    "place_of_act": ("_U", "_O", ""),
    "region": ("KZ-10", "KZ-11", "KZ-15", "KZ-19", "KZ-23", "KZ-27"),
    "accused_body": ("police", "KUIS", "KNB", "unknown"),
    "allegations": ("_U", "_O", "_U; _O", ""),
    "document": ("Journal 1", "Journal 2"),
}
Work = Callable[[], None]


def main() -> None:
    """Run what the command line asks for."""
    asked = arguments()
    if asked.contender:
        run_here(CONTENDERS[asked.contender], Path(asked.folder))
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        make_workbook(Path(folder) / "r0000.xlsx", asked.rows, 0)
        names = ["floor", "ours", *(["plain"] if asked.plain else [])]
        report(f"one file of {asked.rows:,} rows", measure(names, folder))
        if asked.ten:
            for number in range(1, 10):
                path = Path(folder) / f"r{number:04}.xlsx"
                make_workbook(path, asked.rows, number)
            report("ten such files", measure(["ours"], folder))
    if asked.small:
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            for number in range(FILES):
                path = Path(folder) / f"r{number:04}.xlsx"
                make_workbook(path, ROWS_OF_A_SMALL_FILE, number)
            title = f"{FILES:,} files of {ROWS_OF_A_SMALL_FILE} rows"
            report(title, measure(["floor", "ours"], folder))


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=100_000)
    parser.add_argument("--plain", action="store_true", help="pandas + openpyxl too")
    parser.add_argument("--ten", action="store_true", help="ten such files too")
    parser.add_argument("--small", action="store_true", help="1,000 small files too")
    parser.add_argument("--folder", help="where there is room for the workbooks")
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    return parser.parse_args()


def make_workbook(path: Path, rows: int, number: int) -> None:
    """Make a synthetic register; `number` makes its keys its own."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("register")
        sheet.write_row(0, 0, [*HEAD, *DROPPED])
        for row in range(rows):
            sheet.write_row(row + 1, 0, cells_of(number, row))


def cells_of(number: int, row: int) -> Iterator[str]:
    """Yield the cells of one made-up complaint."""
    year, month, day = 2012 + row // 7 % 12, 1 + row // 3 % 12, row % 26
    told = {
        "complaint_id": f"C{number}-{row:07}",
        "received_on": f"{year}-{month:02}-{day + 3:02}",
        "event_from": f"{day + 1:02}.{month:02}.{year}",
        "event_to": f"{day + 2:02}.{month:02}.{year}",
        "person_key": f"Invented {number} {row:x}",
    }
    for at, field in enumerate(HEAD.values()):
        words = WORDS.get(field, ("",))
        yield told.get(field, words[(row * (at + 3) // 7) % len(words)])
    yield f"remark {row % 1000}"
    yield f"clerk {row % 7}"
    yield str(row // 40)


def floor(folder: Path) -> Work:
    """Read the workbooks with the fastest reader, and nothing more."""
    import fastexcel

    def work() -> None:
        for path in sorted(folder.glob("*.xlsx")):
            fastexcel.read_excel(path).load_sheet(0).to_arrow()

    return work


def ours(folder: Path) -> Work:
    """Read, lay out, make pseudonyms, code and validate, a batch after another."""
    import pandera.backends.pandas.builtin_checks  # noqa: F401  what it loads late
    import pyarrow

    from pipeline.collect.intake import take_in
    from pipeline.declarations.codelists import read_codelists
    from pipeline.lineage import sha256_of
    from pipeline.model import Delivery
    from pipeline.process.validate import review
    from pipeline.workspace import REPOSITORY, Workspace
    from schemas.records import RECORDS

    source, lists = declared_source(), read_codelists(Workspace(REPOSITORY))

    def delivery(path: Path) -> Delivery:
        size = path.stat().st_size
        return Delivery("bench", "2026-01-01", path.name, sha256_of(path), size, path)

    def work() -> None:
        deliveries = [delivery(path) for path in sorted(folder.glob("*.xlsx"))]
        for batch in batches(deliveries):
            raw = take_in(source, batch, b"k" * 32).records.pop("complaints")
            found = review(raw, RECORDS["complaints"], {"bench": source}, lists)
            if not found.reasons.empty:
                raise SystemExit(found.reasons.head().to_string())
            del raw, found
            # Else Arrow would keep the memory of this part while the next is read.
            pyarrow.default_memory_pool().release_unused()

    return work


def declared_source() -> object:
    """Return the declaration of the workbooks."""
    from pipeline.declarations.sources import Source

    sheet = {"sheet": "register", "record": "complaints", "layout": "flat"}
    sheet |= {"columns": HEAD, "dropped": dict.fromkeys(DROPPED, "not needed")}
    return Source.model_validate(
        {
            "source": "bench",
            **dict.fromkeys(("title", "publisher", "licence"), "synthetic"),
            "language": "en",
            "ref_area": "KZ",
            "sensitivity": "public",
            "synthetic": True,
            "coverage": "register",
            "files": [{"file": "*.xlsx", "sheets": [sheet]}],
        }
    )


def batches(deliveries: list) -> Iterator[list]:
    """Yield deliveries together as long as they are small."""
    batch: list = []
    for one in deliveries:
        if batch and sum(d.size_bytes for d in batch) + one.size_bytes > BATCH_BYTES:
            yield batch
            batch = []
        batch.append(one)
    yield batch


def plain(folder: Path) -> Work:
    """Read, code and parse the same rows by pandas and openpyxl, as one would."""
    import pandas as pd

    def work() -> None:
        for path in sorted(folder.glob("*.xlsx")):
            frame = pd.read_excel(path, engine="openpyxl", dtype="str")
            for header in ("Sex", "Accused body", "Region", "Deprived of liberty"):
                known = {word: word.upper() for word in frame[header].dropna().unique()}
                frame[header] = frame[header].str.strip().map(known)
            for header in ("Received on", "Act began", "Act ended"):
                frame[header] = pd.to_datetime(frame[header], format="mixed")
            frame["Persons"] = pd.to_numeric(frame["Persons"])

    return work


CONTENDERS = {"floor": floor, "ours": ours, "plain": plain}


def run_here(contender: Callable[[Path], Work], folder: Path) -> None:
    """Run one contender in this process and print the seconds of its work alone."""
    work = contender(folder)
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    spent = {"s": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    sys.stdout.write(json.dumps(spent))


def measure(names: list[str], folder: str) -> dict[str, dict[str, float]]:
    """Return the fastest of several runs of each contender, taken in turns."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            if name != "plain" or not found[name]:
                found[name].append(run_apart(name, folder))
    return {name: min(runs, key=lambda run: run["s"]) for name, runs in found.items()}


def run_apart(name: str, folder: str) -> dict[str, float]:
    """Run one contender in a process of its own; return its times and peak memory."""
    command = [sys.executable, __file__, "--contender", name, "--folder", folder]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    seen = {"mb": 0.0}
    watch = threading.Thread(target=watch_tree, args=(child.pid, seen))
    watch.start()
    out, errors = child.communicate()
    watch.join()
    if child.returncode:
        raise SystemExit(errors.decode())
    spent = json.loads(out)
    # Readers are children of a server of processes: nobody else adds up their time.
    others = sum(cpu for pid, cpu in seen.items() if pid not in ("mb", str(child.pid)))
    return spent | {"mb": seen["mb"], "cpu": spent["cpu"] + others}


def watch_tree(pid: int, seen: dict[str, float]) -> None:
    """Keep the peak memory of a process and its children, and the time of each."""
    import psutil

    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        while root.is_running() and root.status() != psutil.STATUS_ZOMBIE:
            held = 0
            for one in (root, *root.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    memory, times = one.memory_full_info(), one.cpu_times()
                    # Pages that processes share are counted once.
                    held += getattr(memory, "pss", memory.rss)
                    seen[str(one.pid)] = times.user + times.system
            seen["mb"] = max(seen["mb"], held / 1e6)
            time.sleep(SAMPLED_EVERY)


def report(title: str, found: dict[str, dict[str, float]]) -> None:
    """Print seconds, memory, and ratios to the floor where there is one."""
    lines = [title]
    base = found.get("floor")
    for name, run in found.items():
        ratios = ""
        if base:
            times, memory = run["s"] / base["s"], run["mb"] / base["mb"]
            ratios = f"{times:7.2f} × time {memory:6.2f} × memory"
        seconds = f"{run['s']:8.2f} s ({run['cpu']:.2f} s of cores)"
        lines.append(f"  {name:<6} {seconds:<34} {run['mb']:7.0f} MB {ratios}")
    if "plain" in found:
        lines.append(f"  plain / ours {found['plain']['s'] / found['ours']['s']:.1f}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
