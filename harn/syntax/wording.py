"""The words of syntax errors: what was expected, what was found, and what may help.

The parser words a mistake in two ways: ``expected X, found Y`` for people and ``Expected X, got Y at L:C`` for comparisons. X
comes from the tables here, by the rules of the grammar that may begin at the place or, where none may, by its terminals.
"""

from __future__ import annotations

from lark import Token

from harn.source.diagnostic import ERROR, Diagnostic
from harn.source.file import SourceFile
from harn.source.span import Span
from harn.syntax import literals
from harn.syntax.depth import MAX_DEPTH
from harn.syntax.feeder import Problem
from harn.syntax.mask import Fault

#: What may follow an operand and go on with it. Where any of these fits, an expression is complete.
_CONTINUATIONS = frozenset({"OP", "MINUS"})

#: At the end of the text a bracket that could be closed is what is missing.
_CLOSERS = (("RBRACE", "}"), ("RPAR", ")"), ("RSQB", "]"))

#: After a complete expression: the first grammar rule or terminal that fits says what was expected.
_AFTER_OPERAND: tuple[tuple[str, str], ...] = (
    ("separator", "{item} separator (`;` or newline)"),
    ("skill_separator", "skill field separator (`;` or newline)"),
    ("pack_separator", "eval_pack field separator (`;` or newline)"),
    ("worker", "{"),
    ("block", "{"),
    ("BLOCK", "{"),
    ("ELSE", "else"),
    ("ARROW", "->"),
    ("arg", "expression"),
    ("KEY", "dict key"),
    ("RPAR", ")"),
    ("RSQB", "]"),
    ("RBRACE", "}"),
    ("COLON", ":"),
)

#: Elsewhere: the first grammar rule that may begin, or terminal that fits, says what was expected.
_EXPECTED: tuple[tuple[str, str], ...] = (
    ("separator", "{item} separator (`;` or newline)"),
    ("pack_item", "expression"),
    ("stmt", "expression"),
    ("entry", "dict key"),
    ("attr_entry", "dict key"),
    ("arm", "expression"),
    ("arg", "expression"),
    ("expr", "expression"),
    ("ternary", "expression"),
    ("chain", "expression"),
    ("unary", "expression"),
    ("primary", "expression"),
    ("range", "expression"),
    ("attr_value", "attribute argument value"),
    ("import_decl", "fn, tool, skill, eval_pack, struct, enum, pipeline, or import after pub"),
    ("public_declaration", "fn, tool, skill, eval_pack, struct, enum, pipeline, or import after pub"),
    ("plain_param", "parameter name"),
    ("import_name", "import name"),
    ("list_pattern_item", "element name"),
    ("dict_pattern_field", "field name"),
    ("for_pattern", "variable name or destructuring pattern"),
    ("list_pattern", "variable name or destructuring pattern"),
    ("param", "parameter name"),
    ("shape_field", "field name"),
    ("struct_field", "field name"),
    ("variant", "variant name"),
    ("member", "fn"),
    ("method_decl", "fn"),
    ("skill_field", "skill field name"),
    ("select_case", "select case variable"),
    ("option", "option name in `parallel ... with { ... }` block"),
    ("type_param", "type parameter name"),
    ("where_item", "type parameter name"),
    ("type_primary", "type name"),
    ("BLOCK", "{"),
    ("ASSIGN", "="),
    ("IN", "in"),
    ("RPAR", ")"),
    ("LPAR", "("),
    ("ARROW", "->"),
    ("FROM", "from"),
    ("RSQB", "]"),
    ("MORETHAN", ">"),
    ("RBRACE", "}"),
    ("COLON", ":"),
    ("COMMA", ","),
    ("FN", "fn"),
    ("STRING", "import path string"),
    ("WORD", "member name"),
    ("INT", "number after '-' in attribute argument"),
    ("NEWLINE", "line end"),
)

#: What a name names that must stand behind a token.
_NAMED = {
    "FN": "function name",
    "PIPELINE": "pipeline name",
    "TOOL": "tool name",
    "SKILL": "skill name",
    "STRUCT_KW": "struct name",
    "ENUM": "enum name",
    "INTERFACE": "interface name",
    "IMPL": "type name",
    "TYPE": "type name",
    "OVERRIDE": "override name",
    "EXTENDS": "parent pipeline name",
    "AT": "attribute name",
    "EVAL_PACK": "eval_pack name or string id",
    "ELLIPSIS": "rest variable name",
    "IN": "type parameter name",
    "OUT": "type parameter name",
}

#: The same where nothing else is known of the place.
_NAMES = {
    "LPAR": "error variable",
    "COMMA": "pair pattern element",
    "COLON": "alias name",
}

_WORDS_FOR_NAMES = frozenset((*_NAMED.values(), *_NAMES.values())) | {
    "variable name or destructuring pattern",
    "parameter name",
    "element name",
    "import name",
    "field name",
    "type bound",
    "variant name",
    "skill field name",
    "select case variable",
    "type name",
}

_HELP = {
    "}": "add a closing `}` to finish this block",
    ")": "add a closing `)` to finish this expression or parameter list",
    "]": "add a closing `]` to finish this list or subscript",
    "fn, tool, skill, eval_pack, struct, enum, pipeline, or import after pub": (
        "use `pub fn`, `pub pipeline`, `pub enum`, or `pub struct`"
    ),
}

#: Characters of a name or literal that are shown in a message.
_LONGEST = 80

#: What stands behind the expression in a ``${...}``.
AFTER_HOLE = "} after the expression"

_AFTER_ATTRIBUTE = "fn/tool/skill/eval_pack/pipeline/struct/enum/type/interface/impl declaration after `@attr`"


def expected(problem: Problem) -> str:
    """What was expected, in words."""
    if problem.words:
        return problem.words
    fitting = problem.terminals | problem.starts
    if "declaration" in problem.starts and "stmt" not in problem.starts:
        return _AFTER_ATTRIBUTE
    if problem.before == "IMPORT" or (problem.before == "FROM" and "STRING" in fitting and "expr" not in fitting):
        return "import path string"
    if problem.found is None:
        for terminal, words in _CLOSERS:
            if terminal in fitting:
                return words
    if problem.before in ("RETURN", "YIELD") or ("separator" in fitting and problem.after_line):
        return "expression"
    if "NAME" in fitting and problem.before in _NAMED and "unary" not in fitting:
        return _NAMED[problem.before]
    table = _AFTER_OPERAND if problem.terminals >= _CONTINUATIONS else _EXPECTED
    for key, words in table:
        if key in fitting:
            return words.replace("{item}", "statement" if problem.in_block else "top-level item")
    if "NAME" in fitting:
        return _NAMES.get(problem.before, "name")
    return "end of file"


def found(problem: Problem, reserved: frozenset[str], source: str, words: str) -> str:
    """The token that was found, in words."""
    token = problem.found
    if problem.got or token is None:
        return problem.got
    if words == _AFTER_ATTRIBUTE:
        return "non-declaration statement"
    text = str(token)
    if token.type == "NEWLINE":
        return "\\n"
    if token.type in ("STRING", "ISTRING", "RAW_STRING"):
        return _string(token, problem.span, source)
    if token.type == "INT":
        return f"int({text})"
    if token.type == "FLOAT":
        return f"float({text})"
    if token.type == "DURATION":
        return f"duration({literals.duration(text)}ms)"
    word = text.split()[0] if text[0].isalpha() else text
    if word in reserved or word.startswith("try*"):
        word = word.rstrip("*")
        return f"'{word}' (reserved keyword)" if words in _WORDS_FOR_NAMES else word
    if word[0].isalpha() or word[0] == "_":
        return f"id({word})"
    return {"...": ".", "?[": "?"}.get(word, word)


def _string(token: Token, span: Span, source: str) -> str:
    if token.type == "ISTRING":
        return "istr(...)"
    return f"{'rstr' if token.type == 'RAW_STRING' else 'str'}({literals.plain(source, span)})"


def diagnostic(problem: Problem, file: SourceFile, reserved: frozenset[str]) -> Diagnostic:
    """The diagnostic for one problem of the parser."""
    words = expected(problem)
    hint = _HELP.get(words, "")
    if problem.found is None:
        message = f"unexpected end of file, expected {words}"
        bare = f"Unexpected end of file, expected {words}"
        return Diagnostic(ERROR, "S005", message, file, problem.span, "file ends here", help=hint, bare=bare)
    got = found(problem, reserved, file.text, words)
    if len(got) > _LONGEST:
        got = f"{got[: _LONGEST - 4]}...)"
    line, column = file.position(problem.span.start)
    label = "line break not allowed here" if problem.found.type == "NEWLINE" else "unexpected token"
    message = f"expected {words}, found {got}"
    bare = f"Expected {words}, got {got} at {line}:{column}"
    return Diagnostic(ERROR, _code(problem, words, got), message, file, problem.span, label, help=hint, bare=bare)


def _code(problem: Problem, words: str, got: str) -> str:
    """Which row of the code table explains a problem."""
    if got.endswith("(reserved keyword)"):
        return "S007"
    if words == _AFTER_ATTRIBUTE:
        return "S009"
    if words == AFTER_HOLE:
        return "S010"
    if words.endswith("separator (`;` or newline)"):
        return "S006"
    if problem.words:
        return "S008"
    return "S004"


def fault(problem: Fault, file: SourceFile) -> Diagnostic:
    """The diagnostic for text that is no token."""
    if problem.kind == "string":
        code, text = "S002", "Unterminated string"
    elif problem.kind == "comment":
        code, text = "S003", "Unterminated block comment"
    else:
        character = file.slice(problem.span)[:1]
        shown = character if character.isprintable() else f"\\u{{{ord(character):x}}}"
        code = "S012" if problem.kind == "encoding" or character == "\ufeff" else "S001"
        text = f"Unexpected character '{shown}'"
    line, column = file.position(problem.span.start)
    return Diagnostic(ERROR, code, f"{text} at {line}:{column}", file, problem.span, "here")


def too_deep(span: Span, file: SourceFile) -> Diagnostic:
    """More levels than a tree may have."""
    return Diagnostic(
        ERROR,
        "S011",
        f"nested too deeply: a program may have {MAX_DEPTH} levels",
        file,
        span,
        "one level too many",
        help="name the inner parts with `let` or move them to functions",
    )
