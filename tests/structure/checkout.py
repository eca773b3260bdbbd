"""The files of the checkout, for tests that read the project itself."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is or would be committed; without git, every file outside the folders that tools make."""
    asked = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        capture_output=True,
        check=False,
    )
    if asked.returncode == 0:
        listed = (ROOT / name for name in asked.stdout.decode().split("\0") if name)
    else:
        made = {".venv", "build", "dist", "__pycache__"}
        listed = (path for path in ROOT.rglob("*") if not made & set(path.relative_to(ROOT).parts))
    return tuple(sorted(path for path in listed if path.is_file()))


def modules() -> dict[str, Path]:
    """Dotted name -> file of every module of the package."""
    found = {}
    for path in sorted((ROOT / "harn").rglob("*.py")):
        parts = list(path.relative_to(ROOT).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        found[".".join(parts)] = path
    return found
