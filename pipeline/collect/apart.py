"""Read files in a process of its own, which may die, hang or fill its memory.

In here: limits of time and memory, and what becomes of a reader that breaks them. Not
in here: reading (`workbook.py`), and how sheets cross over (`crossing.py`).

Small files share their readers. A large one gets a fresh reader, which gives all its
memory back by ending; nothing else is read beside it.
"""

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TimeIsUp
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple, Self

from pebble import ProcessPool

from pipeline.collect.crossing import Answer, answer, sheets_from
from pipeline.collect.disguise import unreadable
from pipeline.collect.size import LARGE_BYTES
from pipeline.errors import UnreadableFileError
from pipeline.model import Sheet

if sys.platform != "win32":
    import resource

AHEAD = 4
"""Small files for each reader that may be read before they are asked for."""

LOADED_ONCE = ["__main__", "pipeline.collect.apart"]
"""What new readers find already loaded: a new process imports the program anyway."""


class Job(NamedTuple):
    """A file to read: where it is, how messages call it, what its source declares."""

    path: Path
    name: str
    encoding: str = ""
    delimiter: str = ""


class Limits(NamedTuple):
    """What reading one file may take: time, and memory beyond an idle reader's."""

    seconds: float = 60
    bytes_per_second: float = 400_000
    memory_bytes: int = 8_000_000_000

    def seconds_for(self, size: int) -> float:
        """Return the time that a file of a size may take."""
        return self.seconds + size / self.bytes_per_second


Read = list[Sheet] | UnreadableFileError


class Readers:
    """Processes that read files. Use it in a `with` statement: it ends them."""

    def __init__(self, workers: int = 0, limits: Limits | None = None) -> None:
        self.workers = workers or min(2, os.cpu_count() or 1)
        self.limits = limits or Limits()
        self.open = ExitStack()
        self.pools: dict[bool, ProcessPool] = {}
        self.folder: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self.pools.values():
            pool.stop()  # type: ignore[no-untyped-call]  # pebble has no types here
        self.open.close()

    def read(
        self, path: Path, name: str, encoding: str = "", delimiter: str = ""
    ) -> list[Sheet]:
        """Return every sheet of a file, as `read_sheets` does.

        Raises:
            UnreadableFileError: as `read_sheets`; or its reader died, or took too long.
        """
        ((_, read),) = self.read_all([Job(path, name, encoding, delimiter)])
        if isinstance(read, UnreadableFileError):
            raise read
        return read

    def read_all(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Read]]:
        """Yield each file with its sheets, or why it cannot be read, in order.

        Small files are read ahead; a large one only when it is asked for, and alone.
        """
        waiting = deque(jobs)
        ahead: deque[tuple[Job, Future[Answer], float]] = deque()
        bytes_ahead = 0
        while waiting or ahead:
            while waiting and len(ahead) < AHEAD * self.workers:
                size = size_of(waiting[0])
                if ahead and bytes_ahead + size > LARGE_BYTES:
                    break
                bytes_ahead += size
                ahead.append(self.submit(waiting.popleft(), size))
            job, future, seconds = ahead.popleft()
            bytes_ahead -= min(bytes_ahead, size_of(job))
            yield job, result_of(job, future, seconds)

    def submit(self, job: Job, size: int) -> tuple[Job, Future[Answer], float]:
        """Return a file with its reading under way, and the time that it may take."""
        seconds = self.limits.seconds_for(size)
        pool = self.pool_for(is_large=size >= LARGE_BYTES)
        future = pool.schedule(answer, (*job, self.private_folder()), timeout=seconds)
        return job, future, seconds

    def pool_for(self, *, is_large: bool) -> ProcessPool:
        """Return the processes for small files, or the one for large ones."""
        if is_large not in self.pools:
            self.pools[is_large] = self.open.enter_context(
                ProcessPool(
                    max_workers=1 if is_large else self.workers,
                    max_tasks=1 if is_large else 0,
                    initializer=confine,
                    initargs=(self.limits.memory_bytes,),
                    context=start_context(),
                )
            )
        return self.pools[is_large]

    def private_folder(self) -> Path:
        """Return a folder that only this user can look into, removed in the end."""
        if self.folder is None:
            made = tempfile.TemporaryDirectory(prefix="point27-")
            self.folder = Path(self.open.enter_context(made))
        return self.folder


def start_context() -> multiprocessing.context.BaseContext:
    """Return how processes are begun: never as a copy of ours with all its threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED_ONCE)
    return context


def confine(memory_bytes: int) -> None:
    """Limit what this process may do, before it opens anything.

    No more memory than allowed, no image of it on a disk, no words of a library about
    what it read, and no life longer than that of the program.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    threading.Thread(target=end_with_parent, daemon=True).start()
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def end_with_parent() -> None:
    """End this process, whatever it does, when the program has ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def size_of(job: Job) -> int:
    """Return the size of a file, 0 where there is none."""
    with suppress(OSError):
        return job.path.stat().st_size
    return 0


def result_of(job: Job, future: Future[Answer], seconds: float) -> Read:
    """Return what came of a file, in our words where nothing did."""
    expected = "a file that can be read within bounds"
    do = "save it anew in a spreadsheet program, without what is empty or far off"
    try:
        # The process itself is stopped in time. Twice as long: others came before.
        return sheets_from(future.result(2 * seconds), job.name)
    except UnreadableFileError as error:
        return error
    except TimeIsUp:
        what = f"reading it takes longer than {seconds:.0f} seconds"
    except Exception as error:  # noqa: BLE001  whatever ended the reader is the file's
        kind = type(error).__name__
        what = f"its reader broke down, or ran out of memory ({kind})"
    return unreadable(job.name, what, expected, do)


def read_apart(
    path: Path, name: str, encoding: str = "", delimiter: str = ""
) -> list[Sheet]:
    """Return every sheet of one file, read in a process of its own.

    Raises:
        UnreadableFileError: as `Readers.read`.
    """
    with Readers(workers=1) as readers:
        return readers.read(path, name, encoding, delimiter)
