"""`python3 make.py build` and `python3 make.py test`: Python, and nothing else.

In here: making `.venv` from the lock, and starting a program in it. Any other words
are handed to `point27`. Not in here: what those programs do.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "installed.sha256"
TESTED = ((3, 11), (3, 12), (3, 13))
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
    # In the order of folders: those with whole builds first, small ones fill the end.
    ("pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"),
)


def main(words: list[str]) -> int:
    """Install what the lock names if that is not done, and run what is asked for."""
    if sys.version_info[:2] not in TESTED:
        print("point27 needs Python 3.11, 3.12 or 3.13", file=sys.stderr)
        return 1
    install()
    if words[:1] == ["test"]:
        return test(words[1:])
    return run("point27", *words)


def install() -> None:
    """Make `.venv` and put into it what the lock names, each file by its hash."""
    inputs = [ROOT / "pyproject.toml", ROOT / "requirements.lock"]
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted:
        return
    print("Installing into .venv; this happens once for each lock.", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    # Only finished packages: building one would fetch others that no hash covers.
    pip_install("--only-binary=:all:", "--require-hashes", "-r", "requirements.lock")
    pip_install("--no-build-isolation", "--editable", ".")
    STAMP.write_text(wanted, encoding="ascii")


def pip_install(*what: str) -> None:
    """Install just this, with `uv` where there is one, which is faster, else pip."""
    uv = shutil.which("uv")
    pip = [uv, "pip", "install"] if uv else [PYTHON, "-m", "pip", "install"]
    python = ["--python", PYTHON] if uv else ["--disable-pip-version-check"]
    # Once, as pip does, and not by every process that starts.
    compiled = ["--compile-bytecode"] if uv else []
    # The lock is complete, so nothing looks for dependencies: pip would ask a hash of
    # `gql[requests]` that the lock gives under `gql`.
    command = [*pip, "--quiet", "--no-deps", *python, *compiled, *what]
    subprocess.run(command, cwd=ROOT, check=True)


def test(words: list[str]) -> int:
    """Run every check, the tests last, and return 0 when all passed."""
    codes = [run(*check) for check in CHECKS[:-1]]
    codes.append(run(*CHECKS[-1], *words))
    return int(any(codes))


def run(program: str, *words: str) -> int:
    """Run a program of `.venv` in the clone and return its exit code."""
    return subprocess.run([BIN / program, *words], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"The installation stopped: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
