"""Reading in a process of its own: it may die, hang or fill its memory; we do not."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import xlsxwriter

from pipeline.collect import apart
from pipeline.collect.apart import Job, Limits, Readers
from pipeline.collect.crossing import LARGEST_SENT
from pipeline.collect.workbook import read_sheets
from pipeline.errors import UnreadableFileError


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a small workbook with a fact beside its values."""
    path = tmp_path / "small.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("s")
        sheet.write(0, 0, 42, book.add_format({"num_format": "000"}))
        sheet.merge_range("A2:B2", "wide")
    return path


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """Return a text that is too long to cross as bytes."""
    path = tmp_path / "long.csv"
    line = "a;" + "x" * 98 + "\n"
    path.write_text(line * (2 * LARGEST_SENT // 100), encoding="utf-8")
    return path


def test_sheets_come_back_as_they_are_read(small, long):
    with Readers(workers=1) as readers:
        for path in (small, long):
            (there,), (here,) = readers.read(path, "x"), read_sheets(path, "x")
            assert there.values.equals(here.values)
            assert there.values.dtypes.equals(here.values.dtypes)
            assert (there.shown, there.merged) == (here.shown, here.merged)
            assert there.remarks == here.remarks


def test_a_large_sheet_is_mapped_and_its_file_gone(long):
    with Readers(workers=1) as readers:
        (sheet,) = readers.read(long, "x")
        folder = readers.private_folder()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert not [*folder.iterdir()]
    assert not folder.exists()
    assert sheet.values.iat[-1, 0] == "a"


def test_files_come_in_order_and_a_bad_one_stops_no_other(small, tmp_path):
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"x")
    jobs = [Job(small, "a"), Job(bad, "b"), Job(tmp_path / "gone.csv", "c")]
    with Readers(workers=2) as readers:
        found = [*readers.read_all([*jobs, *jobs])]
    assert [job.name for job, _ in found] == [*"abcabc"]
    kinds = [isinstance(read, UnreadableFileError) for _, read in found]
    assert kinds == [False, True, True] * 2
    with pytest.raises(UnreadableFileError, match="not a workbook"):
        raise found[1][1]


def test_only_a_few_files_are_read_ahead(small):
    """What waits unread must not fill the memory."""
    with Readers(workers=1) as readers:
        begun = []
        submit = readers.submit
        readers.submit = lambda *job: begun.append(1) or submit(*job)
        reads = readers.read_all([Job(small, "x")] * 20)
        next(reads)
        assert len(begun) == apart.AHEAD
        assert len([*reads]) == 19


def test_a_large_file_is_read_alone(small, long, monkeypatch):
    monkeypatch.setattr(apart, "LARGE_BYTES", 100_000)
    with Readers(workers=2) as readers:
        begun = []
        submit = readers.submit
        readers.submit = lambda job, size: begun.append(job.name) or submit(job, size)
        jobs = [Job(small, "a"), Job(long, "b"), Job(long, "c"), Job(small, "d")]
        seen = [(job.name, [*begun]) for job, _ in readers.read_all(jobs)]
    assert seen == [
        ("a", ["a"]),
        ("b", ["a", "b"]),
        ("c", ["a", "b", "c"]),
        ("d", ["a", "b", "c", "d"]),
    ]


def test_a_reader_that_takes_too_long_is_stopped(long):
    told = pytest.raises(UnreadableFileError, match="takes longer than")
    with Readers(workers=1, limits=Limits(0.001, 1e12)) as readers, told:
        readers.read(long, "x")


def test_a_reader_that_fills_its_memory_is_told(long):
    limits = Limits(memory_bytes=1_000_000)
    told = pytest.raises(UnreadableFileError, match="memory")
    with Readers(workers=1, limits=limits) as readers, told:
        readers.read(long, "x")


def test_a_reader_that_dies_is_told_and_the_next_file_is_read(small):
    with Readers(workers=1) as readers:
        pool = readers.pool_for(is_large=False)
        died = pool.schedule(os._exit, (3,))
        read = apart.result_of(Job(small, "x"), died, 10)
        assert isinstance(read, UnreadableFileError)
        assert "its reader broke down" in str(read)
        assert readers.read(small, "x")[0].name == "s"


PROGRAM = """
import signal, sys, time
from pathlib import Path
from pipeline.collect.apart import Job, Readers

def main():
    # A shell that starts tests in the background has Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Readers(workers=2) as readers:
        readers.read(Path(sys.argv[1]), "x")
        pool = readers.pool_for(is_large=False)
        pool.schedule(time.sleep, (60,))
        pool.schedule(time.sleep, (60,))
        print("ready", flush=True)
        time.sleep(60)

if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems end them otherwise")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_no_reader_outlives_the_program(tmp_path, small, sign):
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    command = [sys.executable, str(script), str(small)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
        readers = psutil.Process(program.pid).children(recursive=True)
        assert len(readers) >= 3  # the server of processes, and two readers
        program.send_signal(sign)
        program.wait(60)
    _, alive = psutil.wait_procs(readers, 10)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
