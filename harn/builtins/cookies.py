"""Cookies: reading and writing their headers, signing them, and sessions kept whole in a signed cookie.

A signed value is ``value.mac``, a session ``v1.<base64url of its JSON>.mac``. The mac is HMAC-SHA256 in base64url over what
stands before it (of a session, over the middle part). Signing hides nothing: whoever has the cookie can read it.
"""

from __future__ import annotations

from harn.builtins.base_codes import BASE64_URL
from harn.builtins.byte_texts import data_of
from harn.builtins.cookie_syntax import (
    COOKIE,
    DELETION,
    PLAIN,
    SESSION,
    SET_COOKIE,
    Change,
    cookie_error,
    header_texts,
    read_cookies,
    read_set_cookie,
    set_cookie,
)
from harn.builtins.digests import mac_sha256
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.json_read import from_json
from harn.values.json_write import to_json
from harn.values.operators import check_size
from harn.vm.frame import Answer, Done, Effect, Native, Perform
from harn.vm.machine import Context

_COOKIE = 400
"""Bytes of memory that a cookie read from a header takes at least."""


def _headers(ctx: Context, given: Any) -> list[str]:
    """The ``Cookie`` headers among some headers, as long as what they hold may be."""
    texts = header_texts(given, COOKIE)
    check_size(_COOKIE * sum(text.count(";") + 1 for text in texts), ctx.vm.value_bytes)
    return texts


@builtin(
    "cookie_parse(headers: any) -> {cookies: dict<string, string>, pairs: list<{name: string, value: string}>, "
    "duplicates: dict<string, list<string>>, invalid: list<{segment: string, reason: string}>}",
    ctx=True,
    examples=[
        ('cookie_parse("sid=abc; theme=light; sid=old").cookies', "{sid: abc, theme: light}"),
        ('cookie_parse("a; =b").invalid.map({ i -> i.reason })', "[missing '=', invalid name]"),
    ],
)
def cookie_parse(ctx: Context, headers: Any) -> dict[str, Any]:
    """What `Cookie` headers hold: a text, a list of texts, or a dict of headers. The first cookie of a name counts."""
    found = read_cookies(_headers(ctx, headers))
    values: dict[str, list[str]] = {}
    for name, value in found.pairs:
        values.setdefault(name, []).append(value)
    return {
        "cookies": found.cookies,
        "pairs": [{"name": name, "value": value} for name, value in found.pairs],
        "duplicates": {name: several for name, several in values.items() if len(several) > 1},
        "invalid": [{"segment": segment, "reason": reason} for segment, reason in found.invalid],
    }


@builtin(
    "cookie_serialize(name: any, value: any, options?: dict) -> string",
    examples=[('cookie_serialize("theme", "dark", {path: "/", secure: true})', "theme=dark; Path=/; Secure")],
)
def cookie_serialize(name: Any, value: Any, options: dict[str, Any] | None = None) -> str:
    """The value of a `Set-Cookie` header.

    Options: `path`, `domain`, `max_age` (seconds), `expires`, `http_only`, `secure`, `same_site` (`Lax`, `Strict`, `None`).
    """
    return set_cookie(text_of(name), text_of(value), options, PLAIN)


@builtin(
    "cookie_delete(name: any, options?: dict) -> string",
    examples=[('cookie_delete("sid").contains("Max-Age=0")', "true")],
)
def cookie_delete(name: Any, options: dict[str, Any] | None = None) -> str:
    """The value of a `Set-Cookie` header that deletes a cookie; `path` and `domain` have to be those it was set with."""
    return set_cookie(text_of(name), "", options, DELETION)


# ------------------------------------------------------------------------------------------------------------ signing


def _mac(secret: Any, text: str) -> str:
    return BASE64_URL.encode(mac_sha256(secret, text))


def _same(given: str, wanted: str) -> bool:
    from hmac import compare_digest

    return compare_digest(data_of(given), data_of(wanted))


@builtin(
    "cookie_sign(value: any, secret: any) -> string",
    examples=[('cookie_sign("user=7", "k")', "user=7.BWwEMgFIym5M0sy1Xwkrro0NcH5Y68ZDeW4ZPasNosE")],
)
def cookie_sign(value: Any, secret: Any) -> str:
    """A value with a signature behind it, for a cookie nobody else can change."""
    text = text_of(value)
    if ";" in text or any(character < " " or character == "\x7f" for character in text):
        raise cookie_error("cookie_sign value must not contain separators or control characters")
    return f"{text}.{_mac(secret, text)}"


@builtin(
    "cookie_verify(signed: any, secret: any) -> {ok: bool, value: string?, error: string?}",
    examples=[('cookie_verify("user=7.forged", "k")', "{error: invalid_signature, ok: false, value: nil}")],
)
def cookie_verify(signed: Any, secret: Any) -> dict[str, Any]:
    """The value of a signed text. `error` is nil, `malformed` or `invalid_signature`."""
    value, dot, signature = text_of(signed).rpartition(".")
    error = "malformed" if not dot else None if _same(signature, _mac(secret, value)) else "invalid_signature"
    return {"ok": error is None, "value": value if error is None else None, "error": error}


# ----------------------------------------------------------------------------------------------------------- sessions


@builtin(
    "session_sign(payload: any, secret: any) -> string",
    ctx=True,
    examples=[('session_sign({a: 1}, "k").split(".")[1]', "eyJhIjoxfQ")],
)
def session_sign(ctx: Context, payload: Any, secret: Any) -> str:
    """A text that holds a value as JSON, with a signature."""
    body = to_json(payload, ctx.vm.value_bytes)
    check_size(4 * len(body) // 3, ctx.vm.value_bytes)
    encoded = BASE64_URL.encode(data_of(body))
    return f"v1.{encoded}.{_mac(secret, encoded)}"


@builtin(
    "session_verify(token: any, secret: any) -> {ok: bool, payload: any, error: string?}",
    examples=[('session_verify("v2.a.b", "k").error', "malformed")],
)
def session_verify(token: Any, secret: Any) -> dict[str, Any]:
    """The value in a session's text. `error` is nil, `malformed`, `invalid_signature` or `malformed_payload`."""
    parts = text_of(token).split(".", 3)
    if len(parts) != 3 or parts[0] != "v1":
        return _session("malformed")
    if not _same(parts[2], _mac(secret, parts[1])):
        return _session("invalid_signature")
    try:
        return _session(None, from_json(BASE64_URL.decode(data_of(parts[1])).decode("utf-8")))
    except ValueError:  # no base64, no UTF-8, no JSON
        return _session("malformed_payload")


def _session(error: str | None, payload: Any = None) -> dict[str, Any]:
    return {"ok": error is None, "payload": payload, "error": error}


@builtin(
    "session_cookie(name: any, payload: any, secret: any, options?: dict) -> string",
    ctx=True,
    examples=[('session_cookie("sid", {}, "k").split("; ").slice(1)', "[Path=/, HttpOnly, Secure, SameSite=Lax]")],
)
def session_cookie(ctx: Context, name: Any, payload: Any, secret: Any, options: dict[str, Any] | None = None) -> str:
    """The value of a `Set-Cookie` header with a session: for the whole site and kept from scripts, unless options say else."""
    return set_cookie(text_of(name), session_sign(ctx, payload, secret), options, SESSION)


@builtin(
    "session_from_cookies(headers: any, name: any, secret: any) -> {ok: bool, payload: any, error: string?}",
    ctx=True,
    examples=[('session_from_cookies("a=1", "sid", "k").error', "missing_cookie")],
)
def session_from_cookies(ctx: Context, headers: Any, name: Any, secret: Any) -> dict[str, Any]:
    """The session in a cookie of a request, as `session_verify` gives it; `missing_cookie` where it has none of that name."""
    token = read_cookies(_headers(ctx, headers)).cookies.get(text_of(name))
    return _session("missing_cookie") if token is None else session_verify(token, secret)


# --------------------------------------------------------------------------------------------------------- round trip


class RoundTrip(Native):
    """Asks for the time where a cookie has an end, and gives the next request's cookies."""

    __slots__ = ("changes", "cookies")
    name = "cookie_round_trip"

    def __init__(self, cookies: dict[str, str], changes: list[Change]) -> None:
        self.cookies = cookies
        # Plain tuples: what rests is data.
        self.changes = [(change.name, change.value, change.lasts, change.end) for change in changes]

    def start(self) -> Answer:
        if any(end is not None for *_, end in self.changes):
            return Perform(Effect("clock", "now", idempotent=True))
        return Done(self.next_request(0.0))

    def resume(self, value: Any) -> Answer:
        return Done(self.next_request(value))

    def next_request(self, now: float) -> dict[str, Any]:
        """The cookies a browser sends after the changes; ``Max-Age`` goes before ``Expires``."""
        cookies = dict(self.cookies)
        for name, value, lasts, end in self.changes:
            if lasts if lasts is not None else end is None or end > now:
                cookies[name] = value
            else:
                cookies.pop(name, None)
        header = "; ".join(f"{name}={value}" for name, value in sorted(cookies.items()))
        return {"cookie_header": header, "cookies": cookies}


@builtin(
    "cookie_round_trip(request_cookie: any, set_cookie?: any) -> {cookie_header: string, cookies: dict<string, string>}",
    form="native",
    ctx=True,
    effects=["clock"],
    examples=[
        ('cookie_round_trip("a=1; b=2", ["a=3; Path=/", "b=; Max-Age=0"]).cookie_header', "a=3"),
        ('cookie_round_trip("a=3; Path=/").cookies', "{a: 3}"),
    ],
)
def cookie_round_trip(ctx: Context, request_cookie: Any, *response: Any) -> Native:
    """What the next request sends after a response's `Set-Cookie` headers; with one argument these, and no cookies before."""
    before, after = (request_cookie, response[0]) if response else (None, request_cookie)
    changes = [change for text in header_texts(after, SET_COOKIE) if (change := read_set_cookie(text)) is not None]
    return RoundTrip(read_cookies(_headers(ctx, before)).cookies, changes)
