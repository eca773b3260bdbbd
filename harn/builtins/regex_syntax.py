r"""Regular expressions as the language defines them (those of Rust's regex crate), rewritten for the ``regex`` package.

The dialect has no look-around and no back-references, so a pattern can be matched in time linear in the text. Everything is
read and written anew, piece by piece: what the package would understand differently cannot slip through.

    $ ^        end and start of the text, of a line only under ``m``
    \z         end of the text
    [a[b-c]&&d]  nested classes and the operators ``&&  --  ~~``
    (?U)       swaps greedy and lazy,  (?x) ignores blanks and comments, also in classes
"""

from __future__ import annotations

from functools import lru_cache

from harn.source.typing import Any

MAX_NESTING = 250
MAX_SIZE = 2_000_000
"""Pieces after all counted repetitions are written out: what the reference bounds as 10 MiB of compiled program."""

_CLASS_ESCAPES = "dDsSwW"
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_POSIX = (
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit",
)  # fmt: skip
_HEX_LENGTHS = {"x": 2, "u": 4, "U": 8}


class RegexFault(ValueError):
    """A pattern that is none: ``str()`` is the whole text with the pattern and a marker under the fault."""


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: str) -> Any:
    """The compiled form of a pattern under flags out of ``imsx``; RegexFault where it is none."""
    import regex

    for flag in flags:
        if flag not in "imsx":
            raise RegexFault(f"unsupported regex flag '{flag}', expected one of i/m/s/x")
    text = _Translator(pattern, flags).translate()
    bits = regex.V1
    if "i" in flags:
        bits |= regex.IGNORECASE
    if "s" in flags:
        bits |= regex.DOTALL
    try:
        return regex.compile("(?-f)" + text, bits)
    except (regex.error, RecursionError, OverflowError) as fault:
        raise RegexFault(f"regex parse error:\n    {pattern}\nerror: {fault}") from None


class _Group:
    """An open group: the flags that hold outside it, the size collected so far, where its text began."""

    __slots__ = ("flags", "place", "sizes", "start")

    def __init__(self, flags: frozenset[str], start: int, place: int) -> None:
        self.flags = flags
        self.start = start
        self.place = place
        self.sizes = 0


class _Translator:
    """One pass over a pattern. ``out`` holds the rewritten pieces; ``last`` is where the piece a repetition binds to began."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.text = pattern
        self.at = 0
        self.flags = frozenset(flags)
        self.out: list[str] = []
        self.groups: list[_Group] = [_Group(self.flags, 0, 0)]
        self.last = -1
        self.size = 1
        self.names: set[str] = set()

    def fault(self, message: str, start: int | None = None, end: int | None = None) -> RegexFault:
        """The error at a place of the pattern."""
        start = self.at if start is None else start
        width = max(1, (self.at if end is None else end) - start)
        marks = " " * start + "^" * width
        return RegexFault(f"regex parse error:\n    {self.text}\n    {marks}\nerror: {message}")

    def peek(self, offset: int = 0) -> str:
        place = self.at + offset
        return self.text[place] if place < len(self.text) else ""

    def translate(self) -> str:
        while self.at < len(self.text):
            self.piece()
        if len(self.groups) > 1:
            raise self.fault("unclosed group", self.groups[-1].place, self.groups[-1].place + 1)
        return "".join(self.out)

    def emit(self, text: str, size: int = 1) -> None:
        """One piece that a repetition may follow."""
        self.last = len(self.out)
        self.size = size
        self.groups[-1].sizes += size
        if self.groups[-1].sizes > MAX_SIZE:
            raise RegexFault("Compiled regex exceeds size limit of 10485760 bytes.")
        self.out.append(text)

    def piece(self) -> None:
        char = self.peek()
        if "x" in self.flags and (char.isspace() or char == "#"):
            self.blank(char)
        elif char == "\\":
            self.emit(self.escape())
        elif char == "[":
            self.emit(self.char_class())
        elif char == "(":
            self.open_group()
        elif char == ")":
            self.close_group()
        elif char in "*+?{":
            self.repetition(char)
        elif char == "|":
            self.at += 1
            self.out.append("|")
            self.last = -1
        elif char in "^$":
            self.at += 1
            line = "m" in self.flags
            self.emit({"^": "(?m:^)" if line else r"\A", "$": "(?m:$)" if line else r"\Z"}[char])
        elif char == ".":
            self.at += 1
            self.emit(".")
        else:
            self.at += 1
            self.emit(_literal(char))

    def blank(self, char: str) -> None:
        if char == "#":
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
        else:
            self.at += 1

    # ------------------------------------------------------------------------------------------- escapes

    def escape(self, in_class: bool = False) -> str:
        """An escape, rewritten."""
        start = self.at
        self.at += 1
        char = self.peek()
        if not char:
            raise self.fault("incomplete escape sequence, reached end of pattern prematurely", start)
        self.at += 1
        if char in _CLASS_ESCAPES:
            return "\\" + char
        if char in _CONTROLS:
            return _literal(_CONTROLS[char])
        if char in _HEX_LENGTHS:
            return _literal(self.code_point(char, start))
        if char in "pP":
            return self.property(char, start)
        if not in_class and char in "bBAz":
            return self.assertion(char)
        if char.isdigit():
            raise self.fault("backreferences are not supported", start)
        if char.isascii() and not char.isalnum() and char not in "<>":
            return _literal(char)
        if char == "k":
            raise self.fault("backreferences are not supported", start)
        raise self.fault("unrecognized escape sequence", start)

    def assertion(self, char: str) -> str:
        if char == "z":
            return r"\Z"
        if char == "b" and self.peek() == "{":
            for word, text in (("start", r"\m"), ("end", r"\M")):
                if self.text.startswith("{" + word + "}", self.at):
                    self.at += len(word) + 2
                    return text
        return "\\" + char

    def code_point(self, kind: str, start: int) -> str:
        if self.peek() == "{":
            end = self.text.find("}", self.at)
            digits = self.text[self.at + 1 : end] if end >= 0 else ""
            self.at = end + 1 if end >= 0 else len(self.text)
        else:
            digits = self.text[self.at : self.at + _HEX_LENGTHS[kind]]
            self.at += len(digits)
            if len(digits) < _HEX_LENGTHS[kind]:
                digits = ""
        try:
            number = int(digits, 16) if digits.isalnum() else -1
        except ValueError:
            raise self.fault("invalid hexadecimal digit", start) from None
        if not 0 <= number <= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise self.fault("hexadecimal literal is not a Unicode scalar value", start)
        return chr(number)

    def property(self, char: str, start: int) -> str:
        if self.peek() == "{":
            end = self.text.find("}", self.at)
            name = self.text[self.at + 1 : end] if end >= 0 else ""
            self.at = end + 1 if end >= 0 else len(self.text)
        else:
            name = self.peek()
            self.at += 1
        negated = name.startswith("^")
        name = name.removeprefix("^")
        if not name or not all(c.isalnum() or c in "_-=: " for c in name):
            raise self.fault("Unicode property not found", start)
        import regex

        letter = ("p" if char == "P" else "P") if negated else char
        text = f"\\{letter}{{{name}}}"
        try:
            regex.compile(text)
        except regex.error:
            raise self.fault("Unicode property not found", start) from None
        return text

    # ------------------------------------------------------------------------------------------- groups

    def open_group(self) -> None:
        start = self.at
        if len(self.groups) > MAX_NESTING:
            raise self.fault(f"exceeded the maximum number of nested parentheses/brackets ({MAX_NESTING})")
        self.at += 1
        if self.peek() != "?":
            self.push_group("(", start)
            return
        self.at += 1
        if self.text.startswith(("P<", "<"), self.at) and not self.text.startswith(("<=", "<!"), self.at):
            self.at += 2 if self.peek() == "P" else 1
            self.push_group(f"(?P<{self.group_name(start)}>", start)
            return
        if self.peek() in ("=", "!", "<"):
            self.at += 1
            message = "look-around, including look-ahead and look-behind, is not supported"
            raise self.fault(message, start)
        self.flag_group(start)

    def group_name(self, start: int) -> str:
        end = self.text.find(">", self.at)
        name = self.text[self.at : end] if end >= 0 else ""
        if not name:
            raise self.fault("empty capture group name" if end == self.at else "unclosed capture group name", start)
        if not (name[0].isalpha() or name[0] == "_") or not all(c.isalnum() or c in "_.[]" for c in name):
            raise self.fault("invalid capture group character", self.at, end)
        if name in self.names:
            raise self.fault("duplicate capture group name", self.at, end)
        if not name.isidentifier():
            raise self.fault("invalid capture group character", self.at, end)
        self.names.add(name)
        self.at = end + 1
        return name

    def flag_group(self, start: int) -> None:
        """``(?flags)``, ``(?flags:`` and ``(?:``."""
        on: set[str] = set()
        off: set[str] = set()
        target = on
        while self.peek() not in (":", ")"):
            char = self.peek()
            if char == "-" and target is on:
                target = off
            elif char and char in "imsUuxR":
                target.add(char)
            else:
                raise self.fault("unrecognized flag" if char else "expected flag but got end of regex")
            self.at += 1
        closing = self.peek()
        self.at += 1
        inline = (
            "".join(sorted(on & {"i", "s"})) + ("-" if off & {"i", "s"} else "") + "".join(sorted(off & {"i", "s"}))
        )
        if closing == ":":
            self.push_group(f"(?{inline}:", start)
        elif not on and not off:
            raise self.fault("repetition operator missing expression", start)
        elif inline:
            self.out.append(f"(?{inline})")
            self.last = -1
        self.flags = (self.flags | on) - off

    def push_group(self, text: str, start: int) -> None:
        self.groups.append(_Group(self.flags, len(self.out), start))
        self.out.append(text)
        self.last = -1

    def close_group(self) -> None:
        if len(self.groups) == 1:
            raise self.fault("unopened group", self.at, self.at + 1)
        self.at += 1
        group = self.groups.pop()
        self.flags = group.flags
        whole = "".join(self.out[group.start :]) + ")"
        del self.out[group.start :]
        self.emit(whole, group.sizes + 1)

    # ------------------------------------------------------------------------------------------- repetition

    def repetition(self, char: str) -> None:
        start = self.at
        if self.last < 0:
            raise self.fault("repetition operator missing expression", start, start + 1)
        times = 1
        if char == "{":
            text, times = self.counted(start)
        else:
            text = char
            self.at += 1
        lazy = self.peek() == "?"
        if lazy:
            self.at += 1
        if "U" in self.flags:
            lazy = not lazy
        piece = "".join(self.out[self.last :])
        del self.out[self.last :]
        self.groups[-1].sizes -= self.size
        # The piece stands in a group of its own, so that a repetition of a repetition is no possessive one.
        self.emit(f"(?:{piece}){text}{'?' if lazy else ''}", self.size * max(1, times))

    def counted(self, start: int) -> tuple[str, int]:
        end = self.text.find("}", self.at)
        if end < 0:
            raise self.fault("unclosed counted repetition", start, start + 1)
        least, comma, most = self.text[self.at + 1 : end].replace(" ", "").partition(",")
        self.at = end + 1
        if not least.isdecimal() or not least.isascii() or (most and not (most.isdecimal() and most.isascii())):
            raise self.fault("repetition quantifier expects a valid decimal", start)
        low = int(least[:10])
        high = int(most[:10]) if most else low
        if high < low:
            raise self.fault("invalid repetition count range, the start must be <= the end", start)
        if high > MAX_SIZE:
            raise RegexFault("Compiled regex exceeds size limit of 10485760 bytes.")
        return ("{" + str(low) + ("," + (str(high) if most else "") if comma else "") + "}"), high

    # ------------------------------------------------------------------------------------------- classes

    def char_class(self) -> str:
        """``[...]``, nested ones included, rewritten with every literal escaped."""
        opened: list[int] = []
        out: list[str] = []
        first = False
        while True:
            char = self.peek()
            if not char:
                raise self.fault("unclosed character class", opened[-1], opened[-1] + 1)
            if "x" in self.flags and char.isspace():
                self.at += 1
            elif char == "[" and not self.posix(out):
                opened.append(self.at)
                if len(opened) > MAX_NESTING:
                    raise self.fault(f"exceeded the maximum number of nested parentheses/brackets ({MAX_NESTING})")
                self.at += 1
                negated = self.peek() == "^"
                self.at += negated
                out.append("[^" if negated else "[")
                first = True
                continue
            elif char == "]" and not first:
                self.at += 1
                out.append("]")
                opened.pop()
                if not opened:
                    return "".join(out)
            elif char != "[" and self.text.startswith(("&&", "--", "~~"), self.at):
                out.append(self.text[self.at : self.at + 2])
                self.at += 2
            elif char != "[":
                out.append(self.class_item())
            first = False

    def posix(self, out: list[str]) -> bool:
        """``[:alpha:]`` at this place, ASCII only as the dialect has it."""
        if not self.text.startswith("[:", self.at):
            return False
        end = self.text.find(":]", self.at)
        if end < 0:
            return False
        name = self.text[self.at + 2 : end]
        negated = name.startswith("^")
        name = name.removeprefix("^")
        if name not in _POSIX:
            return False
        self.at = end + 2
        body = (
            r"[\x00-\x7f]" if name == "ascii" else r"[0-9A-Za-z_]" if name == "word" else rf"[[:{name}:]&&[\x00-\x7f]]"
        )
        out.append(f"[^{body}]" if negated else body)
        return True

    def class_item(self) -> str:
        """A literal, an escape or a range."""
        start = self.at
        low = self.class_atom()
        is_range = self.peek() == "-" and self.peek(1) not in ("]", "-", "")
        if not is_range:
            return low
        self.at += 1
        high = self.class_atom()
        if len(_unescaped(low)) != 1 or len(_unescaped(high)) != 1:
            raise self.fault("invalid range boundary, must be a literal", start)
        if _unescaped(low) > _unescaped(high):
            raise self.fault("invalid character class range, the start must be <= the end", start)
        return f"{low}-{high}"

    def class_atom(self) -> str:
        char = self.peek()
        if char == "\\":
            return self.escape(in_class=True)
        self.at += 1
        return _literal(char)


def _literal(char: str) -> str:
    """A character standing for itself, inside a class or outside."""
    return char if char.isalnum() or char == "_" or not char.isascii() else f"\\x{ord(char):02x}"


def _unescaped(text: str) -> str:
    """What a rewritten literal stands for; longer than one character for anything else."""
    return chr(int(text[2:], 16)) if text.startswith("\\x") and len(text) == 4 else text
