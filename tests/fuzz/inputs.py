"""Broken programs: bytes, lexemes and mutated sources, every one made of its number alone."""

from __future__ import annotations

import random
from functools import cache

from harn.syntax import tables
from tests.structure.checkout import ROOT

ODDITIES = (
    *(
        "x",
        "y1",
        "Name",
        "_",
        "é",
        "0",
        "7",
        "007",
        "9223372036854775808",
        "1.5",
        "1e3",
        "0x1f",
        "5ms",
        "3d",
        "1 to 3",
        "$",
        "'",
    ),
    *(
        '"a"',
        '"',
        '"${x}"',
        '"${',
        '"""',
        'r"\\d"',
        'r"',
        "//",
        "/*",
        "*/",
        "#!",
        "#",
        "`",
        "~",
        "^",
        "\\",
        "@step(a: {b: -1})",
    ),
    *(
        "\n",
        "\n",
        "\r\n",
        "\t",
        " ",
        "\\\n",
        "\ufeff",
        "\0",
        "\u2028",
        "\U0001f600",
        "\ud7ff",
        "try*",
        "not in",
        "as",
        "self",
    ),
)
"""Literals, names and characters that are no lexeme at all."""

OPENERS = (
    "(",
    "[",
    "{",
    "{a: ",
    "{ x -> ",
    "f(",
    "xs[",
    '"${',
    "if x {",
    "match x { _ -> {",
    "fn f() {",
    "/*",
    "!",
    "-",
    "a ? b : ",
    "<",
)
"""What nests, repeated thousands of times."""


@cache
def lexemes() -> tuple[str, ...]:
    """The words and symbols of the grammar, and oddities."""
    fixed = [terminal.pattern.value for terminal in tables.load().grammar.terminals if terminal.pattern.type == "str"]
    return (*fixed, *ODDITIES)


@cache
def corpus() -> tuple[bytes, ...]:
    """The programs that mutations start from: all of the project's own."""
    paths = [path for folder in ("conformance", "benches") for path in sorted((ROOT / folder).rglob("*.harn"))]
    found = [path.read_bytes() for path in paths if path.is_file()]  # `.harn` is a folder
    return tuple(text for text in found if 0 < len(text) < 6000)


def made(number: int) -> bytes:
    """The input of a number."""
    dice = random.Random(number)
    kind = number % 16
    if kind == 0:
        return dice.randbytes(dice.randrange(80))
    if kind == 1:
        return nested(dice)
    if kind <= 6:
        glue = dice.choice(("", " ", " ", "\n"))
        return glue.join(dice.choices(lexemes(), k=dice.randrange(1, 40))).encode()
    return mutated(dice)


def nested(dice: random.Random) -> bytes:
    """A few openers, many times, with or without what closes them."""
    opener = "".join(dice.choices(OPENERS, k=dice.randrange(1, 3)))
    times = dice.choice((3, 50, 400, 3000))
    closer = "".join({"(": ")", "[": "]", "{": "}"}.get(c, "") for c in reversed(opener))
    return (dice.choice(("", "let a = ")) + opener * times + "1" + closer * dice.choice((0, times - 1, times))).encode()


def mutated(dice: random.Random) -> bytes:
    """A piece of a program in which up to four places were changed."""
    text = bytearray(dice.choice(corpus()))
    if len(text) > 500 and dice.random() < 0.6:
        start = text.rfind(b"\n", 0, dice.randrange(len(text))) + 1
        text = text[start : start + 300]
    for _ in range(dice.choice((1, 1, 2, 4))):
        at, other = dice.randrange(len(text) + 1), dice.randrange(len(text) + 1)
        low, high = sorted((at, min(other, at + 20)))
        change = dice.randrange(6)
        if change == 0:
            del text[low:high]
        elif change == 1:
            text[at:at] = text[low:high] * dice.randrange(1, 4)
        elif change == 2:
            text[at:at] = dice.choice(lexemes()).encode()
        elif change == 3:
            text[low:high] = dice.choice(lexemes()).encode()
        elif change == 4:
            text[at:at] = dice.randbytes(dice.randrange(1, 4))
        else:
            del text[at:]
    return bytes(text)
