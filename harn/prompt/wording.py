"""What a misfit in a template is called."""

from __future__ import annotations

from harn.prompt.builder import Opened
from harn.prompt.fault import Fault, Place
from harn.prompt.nodes import Branch
from harn.prompt.scanner import Token
from harn.source.spelling import nearest
from harn.source.typing import Any
from harn.syntax.automaton import Stack

HEADS = {"OPEN": "", "IF": "if", "ELIF": "elif", "ELSE": "else", "END": "end", "FOR": "for", "INCLUDE": "include"}
"""The terminals a tag begins with, and the first word of the tag."""

_WORDS = [word for word in HEADS.values() if word]
_MISSING = {
    "VBAR": "expected filter name after `|`",
    "DOT": "expected identifier after `.`",
    "LSQB": "expected integer or string inside `[...]`",
}
"""What is missing behind a token, whatever stands there."""

_NO_IN = "expected `in` in for-loop"
_NO_BINDINGS = "expected `{ ... }` after `with`"
_NO_PAIR = "expected `key: value` in include bindings"


def misfit(stack: Stack, tokens: list[Token], begin: int, at: int) -> Fault:
    """The token number ``at`` does not fit into its tag, which begins with the token number ``begin``."""
    head, found = tokens[begin], tokens[at]
    if at == begin:
        return Fault(f"unexpected `{{{{ {HEADS[head.type]} }}}}`", Place(head.start_pos, head.span))
    end = next(number for number in range(at, len(tokens)) if tokens[number].type == "CLOSE")
    inside, at = tokens[begin + 1 : end], at - begin - 1
    message = help = ""
    if head.type == "FOR":
        message = _loop_head(stack, inside, at)
    elif head.type in ("ELSE", "END"):
        message = f"unexpected `{found.value}` in `{{{{ {HEADS[head.type]} }}}}`"
        help = "write `elif` with a condition" if head.type == "ELSE" and found.value == "if" else ""
    elif head.type == "INCLUDE" and tokens[begin + at].type not in _MISSING:
        message = _bindings(inside, at, found)
    if not message:
        message, help = _in_expression(stack, inside[:at], found)
    return Fault(message, Place(head.start_pos, found.span), help)


def _in_expression(stack: Stack, before: list[Token], found: Token) -> tuple[str, str]:
    """Message and help where an expression is no expression; ``before``: the tokens of the tag up to there."""
    last = before[-1].type if before else ""
    if last in _MISSING:
        return _MISSING[last], ""
    if found.type in ("LBRACE", "RBRACE") and last != "COLON":
        return f"unexpected character `{found.value}` in expression", ""
    if _fits(stack, "RSQB"):
        return "expected `]`", ""
    if _fits(stack, "STRING"):
        return "expected expression" if found.type == "CLOSE" else f"expected expression, found `{found.value}`", ""
    if _fits(stack, "RPAR"):
        filters = found.type == "VBAR"
        return "expected `)`", "filters stand behind the whole expression, outside of parentheses" if filters else ""
    meant = nearest(before[0].value, _WORDS) if len(before) == 1 and last == "NAME" else None
    return f"unexpected `{found.value}` in expression", f"did you mean `{{{{ {meant} }}}}`?" if meant else ""


def _fits(stack: Stack, terminal: str) -> bool:
    return stack.shifting(terminal, stack.before) is not None


def _loop_head(stack: Stack, inside: list[Token], at: int) -> str:
    """What is wrong with a loop up to its ``in``; nothing where it is behind that."""
    last = len(inside) - 1
    middle = next((number for number, token in enumerate(inside) if token.type == "IN" and 0 < number < last), None)
    if middle is None:
        return _NO_IN
    if at > middle and (_fits(stack, "STRING") or not _fits(stack, "IN")):
        return ""
    several = any(token.type in ("COMMA", "NEXT") for token in inside[:middle])
    return f"invalid for-loop variable{'s' if several else ''}"


def _bindings(inside: list[Token], at: int, found: Token) -> str:
    """What is wrong with the bindings of an include; nothing where it is the path or a value."""
    last = inside[at - 1].type if at else ""
    if last == "WITH":
        return _NO_BINDINGS
    opening = next((number for number, token in enumerate(inside[:at]) if token.type == "LBRACE"), None)
    if opening is None or last == "COLON":
        return ""
    if found.type == "CLOSE":
        return _NO_BINDINGS
    if last in ("LBRACE", "NEXT"):
        return "invalid include binding key"
    is_key = inside[at - 2].type in ("LBRACE", "NEXT")
    return _NO_PAIR if is_key or found.type == "COMMA" else ""


def unclosed(stack: Stack, tokens: list[Token]) -> Fault:
    """The template ends inside of a block: of the innermost one that is open."""
    word, place = _open_block(stack)
    begin = place.mark.end
    meant = (token.value for token in tokens if token.type == "BARE" and token.start_pos >= begin)
    written = next((name for name in meant if name.startswith("end") or sorted(name) == ["d", "e", "n"]), None)
    help = f"blocks end with `{{{{ end }}}}`, not with `{{{{ {written} }}}}`" if written else ""
    return Fault(f"`{{{{ {word} }}}}` missing matching `{{{{ end }}}}`", place, help)


def _open_block(stack: Stack) -> tuple[str, Place]:
    """The word and the place of the tag that is not closed.

    The value stack tells which, from above: the items read so far, the tag before them, and where that is an `else` or `elif`
    the beginning of its block. The `else` of a loop is told by the tag of the loop.
    """
    stack.settle("TEXT")  # makes one value of the last tag
    values: list[Any] = stack.values
    for number in range(len(values) - 1, -1, -1):
        value = values[number]
        if value.__class__ is Place:
            opened = values[number - 2] if number > 1 else None
            return "else", opened.place if opened.__class__ is Opened and opened.value else value
        if value.__class__ is Opened:
            before = values[number - 1] if number else None
            if before.__class__ is list and before and before[0].__class__ is Branch:
                return "if", before[0].place
            return "for" if value.value else "if", value.place
    raise AssertionError("only an open block keeps a template from ending")


def too_deep(head: Token, found: Token) -> Fault:
    """More blocks or parentheses are open than may be."""
    what = "parentheses" if found.type == "LPAR" else "blocks"
    return Fault(f"{what} are nested too deeply", Place(head.start_pos, found.span))
