"""Making and loading the index of builtins.

The index is one marshalled dict of plain tuples behind a header line that names the files it was made from; see ``stamp``.
"""

from __future__ import annotations

import marshal
import os
import sys

from harn.source.digest import hexdigest
from harn.source.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "harn.builtins"
_HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(os.path.dirname(_HERE), "builtins")
SHIPPED = os.path.join(_HERE, "_index.bin")


def load_index() -> dict[str, tuple[Any, ...]]:
    """The index: shipped with a wheel, or made from the records of a checkout and kept in the cache folder."""
    loaded = _read(SHIPPED, None)
    if loaded is not None:
        return loaded
    from harn.source.cache import cache_folder, write_private

    wanted = stamp()
    folder = cache_folder()
    path = os.path.join(folder, f"builtins-{wanted[:24]}.bin") if folder is not None else None
    if path is not None:
        loaded = _read(path, wanted)
        if loaded is not None:
            return loaded
    made = make_index()
    if path is not None:
        write_private(path, _pack(made, wanted))
    return made


def stamp() -> str:
    """A digest of names, sizes and times of the files the records stand in; changes whenever one of them is edited."""
    seen = [sys.version, FOLDER]
    for place in (FOLDER, _HERE):
        for item in sorted(os.scandir(place), key=lambda e: e.name):
            if item.name.endswith(".py"):
                known = item.stat()
                seen.append(f"{item.name} {known.st_size} {known.st_mtime_ns}")
    return hexdigest("\n".join(seen).encode("utf-8", "surrogateescape"))


def make_index() -> dict[str, tuple[Any, ...]]:
    """Import every module of ``harn.builtins`` and gather the records declared in it.

    ValueError where two records claim one key, an effect is unknown or a record contradicts itself.
    """
    from harn.catalog.effects import check_effects
    from harn.catalog.record import FORMS, HARN

    index: dict[str, tuple[Any, ...]] = {}
    for record, module, attribute, position in declared_records():
        check_effects(record.effects)
        if record.form not in FORMS or (record.form == HARN) != bool(record.source):
            raise ValueError(f"{record.key}: form {record.form!r} and source {record.source!r} do not fit")
        signature = record.signature
        plain = (*signature[:3], tuple(tuple(p) for p in signature.params), signature.result)
        raw = (
            record.key, module, attribute, position, plain, tuple(sorted(record.effects)), record.keeps, record.form,
            record.source, record.deprecated,
        )  # fmt: skip
        prefix = f"{signature.receiver}." if signature.receiver else ""
        for key in (record.key, *(prefix + alias for alias in record.aliases)):
            if key in index:
                raise ValueError(f"builtin {key} is declared twice: in {index[key][1]} and in {module}")
            index[key] = raw
    return index


def declared_records() -> list[tuple[Any, str, str, int]]:
    """(record, module, attribute, position) of every record, in order of module and name."""
    from importlib import import_module

    found: list[tuple[Any, str, str, int]] = []
    for file in sorted(os.listdir(FOLDER)):
        stem, suffix = os.path.splitext(file)
        if suffix != ".py" or stem == "__init__":
            continue
        name = f"{PACKAGE}.{stem}"
        module = import_module(name)
        for attribute, value in sorted(vars(module).items()):
            if getattr(value, "__module__", None) != name:
                continue
            for position, record in enumerate(getattr(value, "__builtins_declared__", ())):
                found.append((record, name, attribute, position))
    return found


def _pack(index: dict[str, tuple[Any, ...]], made_from: str) -> bytes:
    body = marshal.dumps(index)
    return f"harn-index {made_from} {hexdigest(body)}\n".encode() + body


def _read(path: str, wanted: str | None) -> dict[str, tuple[Any, ...]] | None:
    """The index in a file, or None where it is missing, damaged or of other files."""
    try:
        with open(path, "rb") as handle:
            data = handle.read()
    except OSError:
        return None
    head, _, body = data.partition(b"\n")
    words = head.decode("ascii", "replace").split(" ")
    if len(words) != 3 or words[0] != "harn-index" or (wanted is not None and words[1] != wanted):
        return None
    if hexdigest(body) != words[2]:
        return None
    loaded: dict[str, tuple[Any, ...]] = marshal.loads(body)
    return loaded


def write_index(target: Path) -> None:
    """Write the index a wheel carries."""
    target.write_bytes(_pack(make_index(), "wheel"))
