"""The Dagster UI as a researcher meets it: in a browser, on a workspace never built.

The UI is started as `point27 ui`, in the background and deaf to Ctrl-C as a shell
starts it; everything is clicked; no request may leave this machine.
"""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import dagster as dg
import psutil
import pytest

from assets.home import prepare_home
from pipeline.workspace import REPOSITORY, Workspace

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
START_S, END_S = 180, 60
PAGE_MS, RUN_MS = 90_000, 300_000
MOST_CHARACTERS = 400_000
"""Of a picture: 300 KB in base64."""

pytestmark = [pytest.mark.slow]
in_a_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.skipif(os.name == "nt", reason="the UI is ended by POSIX signals"),
]


class Shown(NamedTuple):
    """The UI at work: where, of which workspace, in which process."""

    address: str
    workspace: Workspace
    process: subprocess.Popen[bytes]


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    """Start the UI of a workspace that was never built; end it."""
    shutil.copytree(REPOSITORY / "raw", tmp_path / "raw")
    workspace, port = Workspace(tmp_path), free_port()
    with (tmp_path / "ui.log").open("wb") as log:
        process = subprocess.Popen(
            # As a shell that is not interactive starts what is in the background.
            [
                *("sh", "-c", 'trap "" INT QUIT; exec "$@"', "sh"),
                *(sys.executable, "-m", "assets", "ui"),
                *("-w", str(tmp_path), "--port", str(port)),
            ],
            cwd=REPOSITORY,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        ui = Shown(f"http://127.0.0.1:{port}", workspace, process)
        try:
            wait_until_ready(ui)
            yield ui
        finally:
            end_whatever_is_left(process)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_until_ready(ui: Shown) -> None:
    """Wait until the UI answers."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert ui.process.poll() is None, log_of(ui)
        try:
            with urlopen(f"{ui.address}/server_info", timeout=5):  # noqa: S310  our own page
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.5)
    pytest.fail(f"the UI is not ready after {START_S} s\n{log_of(ui)}")


def log_of(ui: Shown) -> str:
    """Return what the UI wrote to the terminal."""
    return (ui.workspace.root / "ui.log").read_text("utf-8", "replace")[-5000:]


def end_whatever_is_left(process: subprocess.Popen[bytes]) -> None:
    """End the UI and its children by force, if a test left any."""
    if process.poll() is None:
        family = psutil.Process(process.pid).children(recursive=True)
        for one in (*family, process):
            one.kill()
        process.wait(END_S)


@pytest.fixture
def page() -> Iterator[Any]:
    """Open a page of a browser; every request it makes is noted in `page.asked`."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright")
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        opened = browser.new_page(viewport={"width": 1500, "height": 1000})
        opened.set_default_timeout(PAGE_MS)
        opened.asked = []
        opened.on("request", lambda request: opened.asked.append(request.url))
        yield opened
        browser.close()


def click_to_see(page: Any, address: str, label: str) -> Any:
    """Open an address, click a label and return the dialog that opens."""
    page.goto(address)
    page.get_by_text(label, exact=True).first.click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    return dialog


def build_by_clicking(page: Any, address: str) -> None:
    """Click "Materialize all" and wait for the end of the run."""
    page.goto(f"{address}/asset-groups/")
    for group in ("raw", "core", "out"):
        page.get_by_text(group, exact=True).first.wait_for()
    page.get_by_role("button", name="Materialize all").click()
    page.get_by_text("Launched run").first.wait_for()
    page.goto(f"{address}/runs")
    ended = page.get_by_text("Success", exact=True).or_(
        page.get_by_text("Failure", exact=True)
    )
    ended.first.wait_for(timeout=RUN_MS)


def metadata_of(workspace: Workspace) -> dict[str, dict[str, object]]:
    """Return what the last materialisation of every asset says of itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        patch.setenv("POINT27_WORKSPACE", "")
        prepare_home(workspace)
        with dg.DagsterInstance.get() as instance:
            last = instance.get_latest_materialization_events(instance.all_asset_keys())
    return {
        key.to_user_string(): {
            name: entry.value
            for name, entry in event.asset_materialization.metadata.items()
            if name != "folder"  # of this workspace
        }
        for key, event in last.items()
        if event and event.asset_materialization
    }


def see_the_results(page: Any, address: str, workspace: Workspace) -> None:
    """Look at a check, a chart, a table and a source."""
    checks = click_to_see(
        page, f"{address}/assets/core/reconciled?view=checks", "[Show Markdown]"
    )
    checks.get_by_text("32,270 against").first.wait_for()
    chart = click_to_see(
        page, f"{address}/assets/out/chart_persons_sentenced", "[Show Markdown]"
    )
    drawn = chart.locator("img").first
    drawn.wait_for()
    assert 0 < drawn.bounding_box()["width"] <= chart.bounding_box()["width"]
    table = click_to_see(page, f"{address}/assets/out/penalties", "[Show Markdown]")
    table.get_by_text("accused_body").first.wait_for()
    [file] = (workspace.raw / "kz_form_1m").rglob("*.xlsx")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    page.goto(f"{address}/assets/raw/kz_form_1m")
    for half in (digest[:32], digest[32:]):
        page.get_by_text(half).first.wait_for()


def end_by_ctrl_c(ui: Shown) -> list[psutil.Process]:
    """Send what Ctrl-C sends, and return the children that went on."""
    children = psutil.Process(ui.process.pid).children(recursive=True)
    assert children
    ui.process.send_signal(signal.SIGINT)
    ui.process.wait(END_S)
    return psutil.wait_procs(children, END_S)[1]


class TestInABrowser:
    """Clicking through the UI."""

    pytestmark = in_a_browser

    def test_everything_is_built_by_a_click(
        self, shown: Shown, page: Any, built: Workspace
    ) -> None:
        build_by_clicking(page, shown.address)
        assert not page.get_by_text("Failure", exact=True).count(), log_of(shown)
        see_the_results(page, shown.address, shown.workspace)
        hosts = {urlsplit(url).hostname for url in page.asked if url[:4] == "http"}
        assert hosts == {"127.0.0.1"}
        assert shown.workspace.public_database.exists()
        # The same as a build from the command line, and nothing of the clock.
        assert metadata_of(shown.workspace) == metadata_of(built)
        assert end_by_ctrl_c(shown) == []


def test_a_build_of_the_command_line_is_in_the_history(
    built: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(built.dagster_home))
    with dg.DagsterInstance.get() as instance:
        [run] = instance.get_runs()
        events = [e.dagster_event for e in instance.all_logs(run.run_id)]
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
    assert (run.job_name, run.status) == ("build", dg.DagsterRunStatus.SUCCESS)
    kinds = [event.event_type_value for event in events if event]
    # One step puts both databases and the release in place; any other makes one asset.
    assert kinds.count("STEP_SUCCESS") + 2 == kinds.count("ASSET_MATERIALIZATION") > 30
    assert not any("HOOK" in kind for kind in kinds)


def test_what_assets_say_is_short_and_complete(built: Workspace) -> None:
    said = metadata_of(built)
    for name, metadata in said.items():
        assert metadata, name
        assert len(json.dumps(metadata, default=str)) < MOST_CHARACTERS, name
        assert "| nan |" not in str(metadata), name
        assert "| None |" not in str(metadata), name
    charts = [name for name in said if name.startswith("out/chart_")]
    drawn = [name for name in charts if "not drawn" not in said[name]]
    assert all("data:image/png;base64" in str(said[name]["picture"]) for name in drawn)
    # The documented complaints are too few for a curve.
    assert {*charts} - {*drawn} == {"out/chart_still_waiting"}
    assert drawn
