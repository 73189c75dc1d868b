"""The command line as a person meets it: help, exit codes, and being interrupted."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from assets import cli
from assets.one_build import only_build
from assets.stopped import LAST_GOOD, tell
from pipeline.errors import Problem
from pipeline.workspace import REPOSITORY, Workspace

POINT27 = (sys.executable, "-m", "assets")
SMALL_FILE_BYTES = 200_000
WAIT_SECONDS = 60
COMMANDS = (*("build", "check", "trace", "revisions", "quarantine", "init", "ui"),)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace with one small source, and what a good build had left."""
    shutil.copytree(REPOSITORY / "raw" / "kz_form_1m", tmp_path / "raw" / "kz_form_1m")
    made = Workspace(tmp_path)
    made.warehouse.mkdir()
    for path in (made.analyst_database, made.public_database):
        path.write_bytes(b"last good")
    return made


def is_last_good(workspace: Workspace) -> bool:
    """Return whether the databases are those of the last good build."""
    both = (workspace.analyst_database, workspace.public_database)
    return all(path.read_bytes() == b"last good" for path in both)


def run(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run the command line in this process: exit code, output, errors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["point27", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    shown = capfd.readouterr()
    return int(ended.value.code or 0), shown.out, shown.err


def started(workspace: Workspace, **options: Any) -> subprocess.Popen[str]:
    """Return a build running in a process of its own."""
    return subprocess.Popen(
        [*POINT27, "build", "-q", "-w", str(workspace.root)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def test_help_names_every_command_and_the_exit_codes(capfd):
    code, shown, _ = run(capfd, "--help")
    assert code == 0
    for word in (*COMMANDS, "Exit codes: 0 done"):
        assert word in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_in_plain_words(capfd, command):
    code, shown, _ = run(capfd, command, "--help")
    assert code == 0
    assert shown.startswith(f"Usage: point27 {command}")
    assert "list[" not in shown.replace("<list[Path]>", "").replace("<list[str]>", "")


def test_version_is_told(capfd):
    code, shown, _ = run(capfd, "--version")
    assert (code, shown.split()[0]) == (0, "point27")


def test_python_m_assets_is_point27():
    done = subprocess.run(
        [*POINT27, "--version"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("point27 ")


def test_wrong_use_is_exit_code_2(capfd):
    assert run(capfd, "bild")[0] == 2
    assert run(capfd, "check")[0] == 2


def test_a_folder_that_is_no_workspace_is_told_how_to_become_one(capfd, tmp_path):
    code, _, shown = run(capfd, "build", "-w", str(tmp_path))
    assert code == 1
    assert shown.startswith(f"{tmp_path}: not a workspace (it has no folder raw/)")
    assert LAST_GOOD not in shown


def test_check_counts_the_files_of_a_folder(capfd):
    folder = REPOSITORY / "raw" / "kz_published_cases" / "2026-01-06"
    code, shown, told = run(capfd, "check", str(folder))
    assert (code, shown, told) == (0, "", "5 files looked at, no problems\n")


def test_check_of_an_unknown_file_names_the_sources(capfd, tmp_path):
    (tmp_path / "mine.xlsx").write_bytes(b"")
    code, shown, _ = run(capfd, "check", str(tmp_path / "mine.xlsx"))
    assert code == 1
    assert shown.startswith("mine.xlsx: no source declares a file of this name; ")
    assert "kz_published_cases" in shown


def test_init_makes_a_private_workspace_and_says_what_next(capfd, tmp_path):
    code, shown, _ = run(capfd, "init", str(tmp_path / "mine"))
    assert code == 0
    assert f"point27 build --workspace {tmp_path / 'mine'}" in shown
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o700
    assert run(capfd, "init", str(tmp_path / "mine"))[0] == 1


def test_init_refuses_a_folder_inside_the_clone(capfd):
    code, _, shown = run(capfd, "init", str(REPOSITORY / "registers"))
    assert code == 1
    assert "inside the clone" in shown
    assert not (REPOSITORY / "registers").exists()


def test_ctrl_c_during_a_build_ends_it_and_keeps_the_last_good_one(workspace):
    building = started(
        workspace,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    ended_by = time.monotonic() + WAIT_SECONDS
    while not workspace.key.exists() and time.monotonic() < ended_by:
        time.sleep(0.2)  # the key is made when the first file is read
    building.send_signal(signal.SIGINT)
    _, shown = building.communicate(timeout=WAIT_SECONDS)
    assert building.returncode == 130
    assert shown.splitlines()[-1] == f"Stopped by you. {LAST_GOOD}"
    assert is_last_good(workspace)


def test_a_full_disk_is_told_and_keeps_the_last_good_build(workspace):
    building = started(
        workspace,
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (SMALL_FILE_BYTES, SMALL_FILE_BYTES)
        ),
    )
    _, shown = building.communicate(timeout=WAIT_SECONDS)
    assert building.returncode == 1
    assert shown.startswith(f"{workspace.root}: no space left to write; ")
    assert shown.splitlines()[-1] == f"Stopped. {LAST_GOOD}"
    assert is_last_good(workspace)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(workspace, capfd):
    workspace.root.chmod(0o500)
    code, _, shown = run(capfd, "build", "-q", "-w", str(workspace.root))
    workspace.root.chmod(0o700)
    assert code == 1
    assert "may not be written; expected a folder that you may change" in shown


def test_an_error_of_rights_is_told_in_words(capfd, tmp_path):
    error = PermissionError(13, "Permission denied", str(tmp_path / "warehouse"))
    assert tell(error, cli.err, LAST_GOOD, tmp_path) == 1
    shown = capfd.readouterr().err
    assert shown.startswith(f"{tmp_path / 'warehouse'}: may not be written; ")
    assert shown.endswith(f"Stopped. {LAST_GOOD}\n")


def test_a_fault_of_the_program_is_not_told_as_one_of_the_user(tmp_path):
    assert tell(ZeroDivisionError("x"), cli.err, "", tmp_path) is None


def test_a_second_build_at_the_same_time_is_told_to_wait(workspace, capfd):
    with only_build(workspace):
        code, _, shown = run(capfd, "build", "-q", "-w", str(workspace.root))
    assert code == 1
    assert shown.startswith(f"{workspace.root}: another build of this workspace is ")
    assert is_last_good(workspace)


def test_a_text_with_colons_is_shown_as_it_is(capfd):
    cli.out.print(str(Problem("a!b!C1", ":no: [red]x", "y", "z")), markup=False)
    assert ":no: [red]x" in capfd.readouterr().out
