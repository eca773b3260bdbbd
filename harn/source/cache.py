"""The user's cache folder: compiled chunks, parser tables and the index of a checkout live in it.

It is private to the user (mode 0700, owned by the user), and a missing, foreign or read-only one simply means no cache: nothing
in it is needed for a right answer, and every file carries a checksum that its reader compares.

Every start comes through here, so paths are texts: ``pathlib`` and ``tempfile`` cost as much as reading a dozen of these files.
"""

from __future__ import annotations

import os


def cache_folder(environment: dict[str, str] | None = None) -> str | None:
    """``$HARN_CACHE_DIR``, else ``$XDG_CACHE_HOME/harn``, else ``~/.cache/harn``, made if need be; None where there is none."""
    env = os.environ if environment is None else environment
    folder = env.get("HARN_CACHE_DIR")
    if not folder:
        base = env.get("XDG_CACHE_HOME") or (os.path.join(env["HOME"], ".cache") if env.get("HOME") else "")
        if not base:
            return None
        folder = os.path.join(base, "harn")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        seen = os.stat(folder)
    except (OSError, ValueError):
        return None
    if hasattr(os, "getuid") and (seen.st_uid != os.getuid() or seen.st_mode & 0o022):
        return None  # somebody else could put code into it
    return folder


def write_private(path: str | os.PathLike[str], data: bytes) -> bool:
    """Write a file atomically, readable by the user only; False where the folder cannot be written."""
    import tempfile

    try:
        handle, name = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".new-")
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        os.replace(name, path)
    except OSError:
        try:
            os.unlink(name)
        except OSError:
            pass
        return False
    return True
