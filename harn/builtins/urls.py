"""URLs and their parts: taking them apart, putting them together, percent-encoding, queries."""

from __future__ import annotations

from harn.builtins.byte_texts import data_of
from harn.builtins.percent import UNRESERVED, escape, form_escape, form_pairs, unescape
from harn.builtins.strings import text_of
from harn.builtins.url_hosts import UrlFault
from harn.builtins.url_syntax import composed, parse_url
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import thrown
from harn.values.operators import check_size
from harn.vm.machine import Context


@builtin("url_encode(data: any) -> string", ctx=True, examples=[('url_encode("a b+é")', "a%20b%2B%C3%A9")])
def url_encode(ctx: Context, data: Any) -> str:
    """A text or bytes for use as one component of a URL: all but letters, digits and `-_.~` become `%XX`."""
    octets = data_of(data)
    check_size(len(octets) + 2 * len(octets.translate(None, UNRESERVED)), ctx.vm.value_bytes)
    return escape(octets, UNRESERVED)


@builtin("url_decode(text: any) -> string", examples=[('url_decode("a+b%2Bc%")', "a b+c%")])
def url_decode(text: Any) -> str:
    """The text that percent-encoding stands for; `+` is a blank, a `%` without two digits behind it stays."""
    return unescape(data_of(text).replace(b"+", b" ")).decode("utf-8", "replace")


_PAIR = 400
"""Bytes of memory that a name and a value take at least."""

_PARTS = (
    "{scheme: string, host: string?, port: int?, path: string, query: string?, fragment: string?, "
    "username: string?, password: string?}"
)


@builtin(
    f"url_parse(text: any) -> {_PARTS}",
    ctx=True,
    examples=[('url_parse("HTTPS://Example.com:443/a/../b?q=1").path', "/b"), ('url_parse("http://h").port', "nil")],
)
def url_parse(ctx: Context, text: Any) -> dict[str, Any]:
    """The parts of an absolute URL in canonical form. What it does not have is nil, and so is a port that its scheme implies."""
    whole = text_of(text)
    check_size(3 * len(whole), ctx.vm.value_bytes)
    try:
        url = parse_url(whole)
    except UrlFault as fault:
        raise thrown(f"url_parse: {fault}") from None
    return {
        **url._asdict(),
        "host": url.host or None,
        "username": url.username or None,
        "password": url.password or None,
    }


@builtin(
    "url_build(parts: dict) -> string",
    examples=[
        ('url_build({scheme: "https", host: "h.example", path: "/a b", query: "x=1"})', "https://h.example/a%20b?x=1")
    ],
)
def url_build(parts: dict[str, Any]) -> str:
    """The canonical URL of some parts, by the names `url_parse` has for them. Only `scheme` is required."""
    if parts.get("scheme").__class__ is not str:
        raise thrown("url_build: 'scheme' is required")
    try:
        return parse_url(composed(parts)).text()
    except UrlFault as fault:
        raise thrown(f"url_build: {fault}") from None


@builtin(
    "query_parse(text: any) -> list<{key: string, value: string}>",
    ctx=True,
    examples=[('query_parse("?a=1&b=x+y&flag")', "[{key: a, value: 1}, {key: b, value: x y}, {key: flag, value: }]")],
)
def query_parse(ctx: Context, text: Any) -> list[dict[str, Any]]:
    """The names and values of a query, in order; a leading `?` is dropped."""
    query = text_of(text).removeprefix("?")
    check_size(_PAIR * query.count("&"), ctx.vm.value_bytes)
    return [{"key": key, "value": value} for key, value in form_pairs(query)]


@builtin(
    "query_stringify(items: list) -> string",
    ctx=True,
    examples=[('query_stringify([{key: "q", value: "a b"}, {key: "n", value: 5}])', "q=a+b&n=5")],
)
def query_stringify(ctx: Context, items: list[Any]) -> str:
    """The query of a list of `{key, value}`, as forms are encoded: `+` for blanks. What is missing is empty."""
    pairs: list[str] = []
    size = 0
    for item in items:
        if item.__class__ is not dict:
            raise thrown("query_stringify: each item must be a {key, value} dict")
        key, value = (form_escape(text_of(item.get(name, ""))) for name in ("key", "value"))
        size += len(key) + len(value) + 2
        check_size(size, ctx.vm.value_bytes)
        pairs.append(f"{key}={value}")
    return "&".join(pairs)
