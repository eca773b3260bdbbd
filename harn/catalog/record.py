"""The one record of a builtin, made by a decorator beside its implementation.

    @builtin("substring(text: any, start: int, length?: int) -> string",
             examples=[('substring("hello", 1, 3)', "ell")])
    def substring(text: object, start: int, length: int | None = None) -> str:
        \"\"\"The part of a text from `start` on, `length` characters long.\"\"\"

    @builtin("list.map<U>(f: fn(T) -> U) -> list<U>", form="native")
    def list_map(receiver: list[Any], f: Any) -> Native: ...

Everything that is said of a builtin anywhere (dispatch, checker, sandbox, help, reference page) is derived from its record.

A value that has a name and takes no arguments is a constant: ``@builtin("pi: float", form="constant")``.

The forms (``form``):

    plain    returns its value; may raise ``HarnError``; never mutates an argument
    effect   returns an ``Effect`` of a kind listed in ``effects``, whose answer is the value; or its value at once
    native   returns a ``Native`` to push: it calls back into Harn, waits more than once or runs long; or its value at once
    harn     written in Harn: ``source`` is ``std/module:function``; the decorated Python function is never called
    constant the name alone stands for what the function gives; it is called without arguments where the name is read

A method is a record with a receiver: its first Python argument is the receiver. ``ctx=True`` puts the call's
``Context`` in front of all arguments. ``keeps`` names the parameters (``receiver`` for the receiver) which the result or the
machine's state may share; the compiler treats those arguments as escaping.
"""

from __future__ import annotations

from harn.catalog.signature import Signature, parse_signature
from harn.source.typing import Any, Callable, Iterable, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

PLAIN, EFFECT, NATIVE, HARN, CONSTANT = "plain", "effect", "native", "harn", "constant"
FORMS = (PLAIN, EFFECT, NATIVE, HARN, CONSTANT)


class Record:
    """One builtin. The parsed signature is made at the first use; dispatch needs only what stands in slots."""

    __slots__ = (
        "aliases", "arity", "check", "ctx", "deprecated", "effects", "examples", "fn", "form", "keeps", "key", "parsed",
        "ready", "source", "text",
    )  # fmt: skip

    def __init__(
        self,
        text: str,
        fn: Callable[..., Any],
        *,
        form: str,
        effects: frozenset[str],
        keeps: tuple[str, ...],
        ctx: bool,
        examples: tuple[tuple[str, str], ...],
        aliases: tuple[str, ...],
        deprecated: str,
        source: str,
    ) -> None:
        self.text = text
        self.fn = fn
        self.form = form
        self.effects = effects
        self.keeps = keeps
        self.ctx = ctx
        self.examples = examples
        self.aliases = aliases
        self.deprecated = deprecated
        self.source = source
        self.parsed: Signature | None = None
        head = text.partition(":")[0] if form == CONSTANT else text[: text.index("(")]
        self.key = head.split("<")[0].removeprefix("fn ").strip()
        # Filled at the first dispatch (harn.vm.arguments): (least, most) and the argument checks; None until then.
        self.ready = False
        self.arity: tuple[int, int] = (0, -1)
        self.check: Callable[[Any], None] | None = None

    @property
    def name(self) -> str:
        """The name programs call: ``map`` of ``list.map``."""
        return self.signature.name

    @property
    def signature(self) -> Signature:
        """The parsed signature."""
        if self.parsed is None:
            self.parsed = parse_signature(self.text)
        return self.parsed

    @property
    def doc(self) -> str:
        """What ``harn doc`` prints: the docstring of the implementation."""
        import inspect

        return inspect.getdoc(self.fn) or ""

    def __repr__(self) -> str:
        return f"<builtin {self.key}>"

    def __reduce__(self) -> Any:
        """Records travel by name, never by content."""
        from harn.catalog.index import record

        return record, (self.key,)


def builtin(
    signature: str,
    *,
    form: str = PLAIN,
    effects: Iterable[str] = (),
    keeps: Iterable[str] = (),
    ctx: bool = False,
    examples: Iterable[tuple[str, str]] = (),
    aliases: Iterable[str] = (),
    deprecated: str = "",
    source: str = "",
) -> Callable[[F], F]:
    """Declare the decorated function as the implementation of a builtin.

    ``examples``: pairs of a Harn expression and the display text of its value, run by the tests. ``aliases``: further
    names of the same record (for a method, further method names). ``deprecated``: what to use instead.
    """

    def declare(fn: F) -> F:
        record = Record(
            signature,
            fn,
            form=form,
            effects=frozenset(effects),
            keeps=tuple(keeps),
            ctx=ctx,
            examples=tuple(examples),
            aliases=tuple(aliases),
            deprecated=deprecated,
            source=source,
        )
        # One function may implement several receivers' methods: decorators stack.
        records: list[Record] = getattr(fn, "__builtins_declared__", [])
        records.append(record)
        fn.__builtins_declared__ = records  # type: ignore[attr-defined]
        return fn

    return declare
