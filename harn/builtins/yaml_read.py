"""YAML as values. The events come from PyYAML; what they mean is decided here, without a tree, so that no depth needs a stack.

An alias gives the same value again, not a copy of it: a text that multiplies itself by aliases costs no memory.
"""

from __future__ import annotations

from harn.builtins.yaml_scalars import meaning
from harn.source.typing import Any, NoReturn
from harn.values.display import display

LEVELS = 500
"""How deep lists and dicts may stand in each other."""

_CORE = "tag:yaml.org,2002:"
_NUMBER_WORDS = {"int": "an integer", "float": "a float", "bool": "a boolean", "null": "null"}


SEVERAL = "deserializing from YAML containing more than one document is not supported"


class YamlFault(ValueError):
    """A text that is no YAML, or has no value; ``str()`` says what is wrong where."""


class KeyFault(YamlFault):
    """A dict with a key that no text stands for."""


class _Unset:
    """The key of a dict that is still to come."""


_NO_KEY = _Unset()


class _Open:
    """A list or dict that is still being read, with the anchor and tag that stand before it."""

    def __init__(self, value: Any, event: Any) -> None:
        self.value = value
        self.key: Any = _NO_KEY
        self.anchor: str | None = event.anchor
        self.tag: str | None = event.tag
        self.mark: Any = event.start_mark


def from_yaml(text: str) -> Any:
    """The value of a YAML document; None of an empty one. YamlFault where it is none or there are several."""
    import yaml

    # Without libyaml PyYAML's own scanner serves: it is slower, and refuses tabs between the parts of a line.
    parser: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=parser):
            getattr(reader, type(event).__name__, _ignored)(event)
    except yaml.MarkedYAMLError as error:
        raise YamlFault(_told(error)) from None
    except (yaml.YAMLError, UnicodeError):
        raise YamlFault("control characters are not allowed") from None
    return reader.root


def _ignored(event: Any) -> None:
    """An event that says nothing of values."""


def _told(error: Any) -> str:
    """What the parser says, with its places."""
    problem = str(error.problem or error.context)
    if problem.endswith("<document start>"):  # what goes on behind the end of a document is another one
        return SEVERAL
    where = _place(error.problem_mark)
    text = problem.replace("hexdecimal", "hexadecimal") + where
    if not error.problem or not error.context:
        return text
    began = _place(error.context_mark)
    return f"{text}, {error.context}{began if began != where else ''}"


def _place(mark: Any) -> str:
    if mark is None or (mark.line == 0 and mark.column == 0):
        return ""
    return f" at line {mark.line + 1} column {mark.column + 1}"


class _Reader:
    """Takes the events of one text; the methods that do have their names."""

    def __init__(self) -> None:
        self.root: Any = None
        self.documents = 0
        self.open: list[_Open] = []
        self.anchors: dict[str, Any] = {}

    def fail(self, what: str, mark: Any) -> NoReturn:
        """An error about the value that is read now."""
        path = self.path()
        raise YamlFault(f"{path}: {what}{_place(mark)}" if path else f"{what}{_place(mark)}")

    def path(self) -> str:
        """The way to what is read now: ``a.b[0]``, ``.[1]``; empty for the whole document."""
        path = ""
        for one in self.open:
            if one.value.__class__ is list:
                path = f"{path or '.'}[{len(one.value)}]"
            elif one.key is not _NO_KEY:
                path = f"{path}.{one.key}" if path else str(one.key)
        return path

    def DocumentStartEvent(self, event: Any) -> None:  # noqa: N802
        """One document is enough."""
        self.documents += 1
        if self.documents > 1:
            raise YamlFault(SEVERAL)

    def AliasEvent(self, event: Any) -> None:  # noqa: N802
        """The value of an anchor again."""
        value = self.anchors.get(event.anchor, _NO_KEY)
        if value is _NO_KEY:
            within = any(one.anchor == event.anchor for one in self.open)
            what = f"the alias `{event.anchor}` stands within its own anchor" if within else "unknown anchor"
            raise YamlFault(f"{what}{_place(event.start_mark)}")
        self.take(value)

    def ScalarEvent(self, event: Any) -> None:  # noqa: N802
        """A text, or what it means."""
        value = self.scalar(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = value
        self.take(value)

    def scalar(self, event: Any) -> Any:
        """The value of a scalar by its tag, or by its form where it has none."""
        text, tag = event.value, event.tag
        if event.style == '"' and any("\ud800" <= character <= "\udfff" for character in text):
            raise YamlFault(f"found invalid Unicode character escape code{_place(event.start_mark)}")
        if tag is None:
            return meaning(text) if event.implicit[0] else text
        if tag.startswith("!"):
            return text if tag == "!" else {tag: meaning(text) if event.style in (None, "") else text}
        return self.typed(text, tag.removeprefix(_CORE), event) if tag.startswith(_CORE) else text

    def typed(self, text: str, kind: str, event: Any) -> Any:
        """A scalar that says what it is."""
        if kind not in _NUMBER_WORDS:
            return text
        value = meaning(text)
        if kind == "float" and value.__class__ is int:
            value = float(value)
        if {"int": int, "float": float, "bool": bool, "null": type(None)}[kind] is not value.__class__:
            self.fail(f'invalid value: string "{text}", expected {_NUMBER_WORDS[kind]}', event.start_mark)
        return value

    def SequenceStartEvent(self, event: Any) -> None:  # noqa: N802
        """A list begins."""
        self.enter([], event)

    def MappingStartEvent(self, event: Any) -> None:  # noqa: N802
        """A dict begins."""
        self.enter({}, event)

    def enter(self, value: Any, event: Any) -> None:
        """Open a list or dict."""
        if len(self.open) >= LEVELS:
            raise YamlFault(f"nested deeper than {LEVELS} levels{_place(event.start_mark)}")
        if event.anchor is not None:
            self.anchors.pop(event.anchor, None)
        self.open.append(_Open(value, event))

    def SequenceEndEvent(self, event: Any) -> None:  # noqa: N802
        """A list is complete."""
        self.leave()

    def MappingEndEvent(self, event: Any) -> None:  # noqa: N802
        """A dict is complete."""
        self.leave()

    def leave(self) -> None:
        """Close the innermost list or dict."""
        done = self.open.pop()
        tagged = done.tag is not None and done.tag.startswith("!") and done.tag != "!"
        value = {done.tag: done.value} if tagged else done.value
        if done.anchor is not None:
            self.anchors[done.anchor] = value
        self.take(value)

    def take(self, value: Any) -> None:
        """Put a value where it belongs."""
        if not self.open:
            self.root = value
            return
        home = self.open[-1]
        if home.value.__class__ is list:
            home.value.append(value)
        elif home.key is _NO_KEY:
            home.key = self.key(home, value)
        else:
            home.value[home.key] = value
            home.key = _NO_KEY

    def key(self, home: _Open, value: Any) -> str:
        """A value as the key of a dict."""
        if value is None or value.__class__ is list or value.__class__ is dict:
            raise KeyFault("key must be a string")
        key = value if value.__class__ is str else display(value)
        if key in home.value:
            self.fail(f'duplicate entry with key "{key}"', home.mark)
        return str(key)
