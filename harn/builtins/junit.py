"""Reports of test runs in JUnit's XML, as most test runners can write them.

Reports are read leniently: what is no XML gives fewer records, never an error. So there is no tree, only one walk over the tags.
"""

from __future__ import annotations

import re

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.numerals import float_from_text
from harn.values.operators import HIGHEST

_ENTITIES = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|quot|apos|amp));")
_NAME = re.compile(r"/?[A-Za-z_][\w.:-]*")
_ATTRIBUTE = re.compile(r"""\s*([^\s=<>/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

_SKIPPED_OVER = (("<!--", "-->"), ("<?", "?>"))
_CDATA = "<![CDATA["

_CASE = "testcase"
_TOLD = ("failure", "error", "system-out", "system-err")
"""Elements of a case whose text is kept."""


def _decoded(text: str) -> str:
    """A text with its entities replaced."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    decimal, hexadecimal, name = entity.groups()
    if name:
        return _ENTITIES[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else entity.group()


class _Element:
    """An element of a case that is being read: its message and the pieces of its text."""

    def __init__(self, name: str, message: str | None) -> None:
        self.name = name
        self.message = message
        self.pieces: list[str] = []

    def text(self) -> str:
        """What stands in it, without blanks around."""
        return "".join(self.pieces).strip()

    def told(self) -> str:
        """The message, and the text in lines of its own."""
        text = self.text()
        if self.message is None:
            return text
        return f"{self.message}\n{text}" if text else self.message


class _Report:
    """One walk over a report."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.records: list[dict[str, Any]] = []
        self.case: dict[str, str] | None = None
        self.element: _Element | None = None
        self.told: dict[str, _Element] = {}
        self.skipped = False

    def read(self) -> list[dict[str, Any]]:
        """The cases, in order."""
        while True:
            opening = self.text.find("<", self.at)
            if opening < 0:
                return self.records
            self.keep(_decoded(self.text[self.at : opening]))
            self.at = opening
            if not (self.aside() or self.tag()):
                return self.records

    def keep(self, text: str) -> None:
        """Text, which counts where it stands in an element of a case."""
        if self.element is not None:
            self.element.pieces.append(text)

    def aside(self) -> bool:
        """Past a comment, an instruction, or text that is told as it stands. One that does not end is a tag like any other."""
        for begins, ends in _SKIPPED_OVER:
            if self.text.startswith(begins, self.at):
                end = self.text.find(ends, self.at + len(begins))
                self.at = end + len(ends) if end >= 0 else len(self.text)
                return True
        if not self.text.startswith(_CDATA, self.at):
            return False
        start = self.at + len(_CDATA)
        end = self.text.find("]]>", start)
        self.keep(self.text[start:end] if end >= 0 else self.text[start:])
        self.at = end + 3 if end >= 0 else len(self.text)
        return True

    def tag(self) -> bool:
        """Past a tag; False where the text ends in it."""
        start = self.at
        name = _NAME.match(self.text, start + 1)
        if name is None:
            self.at = start + 1
            self.keep("<")
            return True
        attributes: dict[str, str] = {}
        place = name.end()
        while (found := _ATTRIBUTE.match(self.text, place)) is not None:
            key, double, single = found.groups()
            attributes.setdefault(key, _decoded(double if double is not None else single))
            place = found.end()
        end = self.text.find(">", place)
        if end < 0:
            return False
        self.at = end + 1
        if not self.taken(name.group(), attributes, self.text[end - 1] == "/"):
            self.keep(self.text[start : self.at])
        return True

    def taken(self, name: str, attributes: dict[str, str], closed: bool) -> bool:
        """What a tag means for the cases; False where it means nothing here."""
        if self.case is None:
            if name == _CASE:
                self.case, self.told, self.skipped = attributes, {}, False
                if closed:
                    self.finish()
            return True
        if self.element is not None:
            if name not in (f"/{self.element.name}", f"/{_CASE}"):
                return False
            self.told.setdefault(self.element.name, self.element)
            self.element = None
        if name == f"/{_CASE}":
            self.finish()
        elif name == "skipped":
            self.skipped = True
        elif name in _TOLD:
            element = _Element(name, attributes.get("message"))
            if not closed:
                self.element = element
            elif not name.startswith("system-"):
                self.told.setdefault(name, element)
        return True

    def finish(self) -> None:
        """The record of the case that ends here."""
        assert self.case is not None
        name, group = self.case.get("name", ""), self.case.get("classname", "")
        wrong = self.told.get("failure") or self.told.get("error")
        out, err = self.told.get("system-out"), self.told.get("system-err")
        self.records.append(
            {
                "name": f"{group}::{name}" if group and name else name,
                "status": _status(wrong, self.skipped),
                "duration_ms": _milliseconds(self.case.get("time", "")),
                "message": wrong.told() if wrong is not None else None,
                "stdout": out.text() if out is not None else None,
                "stderr": err.text() if err is not None else None,
            }
        )
        self.case = None


def _status(wrong: _Element | None, skipped: bool) -> str:
    if wrong is not None:
        return "failed" if wrong.name == "failure" else "errored"
    return "skipped" if skipped else "passed"


def _milliseconds(seconds: str) -> int:
    """Whole milliseconds of a number of seconds; 0 where it is none, or none that can have passed."""
    number = float_from_text(seconds)
    if number is None or not 0 <= number < HIGHEST / 1000:
        return 0
    return round(number * 1e9) // 1_000_000


@builtin(
    "parse_junit_xml(report?: string|bytes) -> list<dict>",
    examples=[
        (
            "parse_junit_xml(\"<testcase classname='a' name='b' time='0.25'><failure message='no'/></testcase>\")",
            "[{duration_ms: 250, message: no, name: a::b, status: failed, stderr: nil, stdout: nil}]",
        ),
        ('parse_junit_xml("no report")', "[]"),
    ],
)
def parse_junit_xml(report: str | bytes | None = None) -> list[dict[str, Any]]:
    """The cases of a test report in JUnit's XML: `{name, status, duration_ms, message, stdout, stderr}`, the name as
    `classname::name`, the status `passed`, `failed`, `errored` or `skipped`. What cannot be read is left out.
    """
    if isinstance(report, bytes):
        try:
            report = report.decode("utf-8")
        except UnicodeDecodeError:
            return []
    return _Report(report or "").read()
