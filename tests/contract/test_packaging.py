"""What a fresh machine needs: a lock with hashes, without addresses, that is current.

In here: the files beside the code agree with each other. Not in here: installing.
"""

import re
import tomllib

import pytest

from pipeline.workspace import REPOSITORY

LOCK = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PINNED = {
    match[1]: match[2]
    for match in re.finditer(r"^([a-z0-9._-]+)==([^ \\]+)", LOCK, re.MULTILINE)
}


def plain(requirement: str) -> str:
    """Return the name of a requirement as the lock writes it."""
    name = re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lock_names_no_address():
    assert not re.search(r"://|file:| @ |--index-url|--find-links", LOCK)


def test_every_package_of_the_lock_has_a_hash():
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.strip())

    assert len(entries) == len(re.findall(r"^[a-z0-9._-]+==", LOCK, re.MULTILINE))
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("extra", ["dependencies", "dev"])
def test_the_lock_has_what_the_project_declares(extra):
    project = PROJECT["project"]
    declared = project["dependencies"]
    if extra == "dev":
        declared = project["optional-dependencies"]["dev"]

    missing = {plain(requirement) for requirement in declared} - set(PINNED)

    assert not missing, f"compile the lock again: {missing}"


def test_exact_versions_are_the_same_in_both():
    exact = {
        plain(requirement): requirement.split("==", maxsplit=1)[1]
        for requirement in PROJECT["project"]["dependencies"]
        if "==" in requirement
    }

    assert {name: PINNED[name] for name in exact} == exact


def test_what_builds_the_package_is_locked_too():
    builders = {plain(name) for name in PROJECT["build-system"]["requires"]}

    assert builders <= set(PINNED)


def test_the_citation_and_the_changelog_tell_the_version():
    version = PROJECT["project"]["version"]

    citation = (REPOSITORY / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f"version: {version}\n" in citation
    assert f"## [{version}]" in changelog or "## [Unreleased]" in changelog


def test_the_licence_is_the_one_declared():
    licence = (REPOSITORY / "LICENSE").read_text(encoding="utf-8")

    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


@pytest.mark.parametrize("path", ["warehouse/public.duckdb", ".point27/pseudonym.key"])
def test_what_is_generated_or_secret_is_ignored(path):
    ignored = (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()

    folder = path.split("/", maxsplit=1)[0]

    assert f"{folder}/" in ignored or f"{folder}/*" in ignored
