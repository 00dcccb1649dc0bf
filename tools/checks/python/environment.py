"""A virtual environment for the packages of the checks.

It is created under the workspace's target directory, and again when
requirements.txt or Python changes.

    python3 environment.py      (to install them ahead of the checks)
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

MIN_PYTHON = (3, 11)  # required by phoenix-channels-python-client
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
HOME = Path(__file__).resolve().parents[3] / "target" / "python-clients"
PYTHON = str(HOME / "bin" / "python")
INSTALL_S = 300


def install() -> None:
    """Creates the environment, unless it is up to date."""
    if sys.version_info < MIN_PYTHON:
        sys.exit(f"the clients need Python {MIN_PYTHON[0]}.{MIN_PYTHON[1]} or later")
    # Written last, so that an interrupted installation is repeated.
    stamp = HOME / "installed.txt"
    wanted = f"# Python {sys.version}\n{REQUIREMENTS.read_text()}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    venv.create(HOME, clear=True, with_pip=True)
    options = [
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--disable-pip-version-check",
    ]
    pip = [PYTHON, "-m", "pip", "install", *options, "--requirement", str(REQUIREMENTS)]
    subprocess.run(pip, check=True, timeout=INSTALL_S)
    stamp.write_text(wanted)


def enter(script: str) -> None:
    """Restarts the script inside the environment, unless it runs there."""
    if Path(sys.prefix).resolve() == HOME:
        return
    install()
    os.execv(PYTHON, [PYTHON, script, *sys.argv[1:]])


if __name__ == "__main__":
    install()
