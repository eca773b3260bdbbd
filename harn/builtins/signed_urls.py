"""Signed URLs: links that say what they allow and until when, and cannot be changed without the secret.

The signature is HMAC-SHA256 over three lines,

    harn-signed-url-v1
    scheme, host, port and path       of a link that is only a path: that
    query without the signature       sorted, every name and value percent-encoded

in base64url. Claims, time of expiry and key id are parameters of the query; their names can be chosen.
"""

from __future__ import annotations

from harn.builtins.base_codes import BASE64_URL
from harn.builtins.digests import mac_sha256
from harn.builtins.percent import UNRESERVED, escape, form_pairs
from harn.builtins.strings import text_of
from harn.builtins.url_hosts import UrlFault
from harn.builtins.url_syntax import parse_url
from harn.catalog.record import builtin
from harn.source.typing import Any, NamedTuple
from harn.values.display import display
from harn.values.errors import HarnError, runtime_error
from harn.values.kinds import type_name
from harn.values.operators import HIGHEST, LOWEST, check_size
from harn.vm.machine import Context

Pairs = list[tuple[str, str]]


class Settings(NamedTuple):
    """Names of the parameters, the key id to write, and the seconds a link is still taken after its expiry."""

    signature: str
    expires: str
    kid_name: str
    kid: str | None
    skew: int


def _settings(builtin: str, options: dict[str, Any] | None) -> Settings:
    given = options or {}

    def option(name: str, kind: type, otherwise: Any) -> Any:
        value = given.get(name)
        if value is None:
            return otherwise
        if value.__class__ is not kind:
            wanted = "a string" if kind is str else "an int"
            raise runtime_error(f"{builtin}: option `{name}` must be {wanted}, got {type_name(value)}")
        return value

    names: dict[str, str] = {
        name: option(name, str, usual)
        for name, usual in (("signature_param", "sig"), ("expires_param", "exp"), ("kid_param", "kid"))
    }
    kid, skew = option("kid", str, None), option("skew_seconds", int, 0)
    for name, value in names.items():
        if not value:
            raise runtime_error(f"{builtin}: option `{name}` cannot be empty")
    if len(set(names.values())) < len(names):
        raise runtime_error(f"{builtin}: signature_param, expires_param, and kid_param must be distinct")
    if skew < 0:
        raise runtime_error(f"{builtin}: skew_seconds must be greater than or equal to 0")
    return Settings(names["signature_param"], names["expires_param"], names["kid_param"], kid, skew)


class Link(NamedTuple):
    """A link taken apart: what is signed of it, what stands before the query, and the query."""

    resource: str
    prefix: str
    pairs: Pairs


def _link(builtin: str, text: str, limit: int) -> Link:
    check_size(3 * len(text), limit)
    try:
        url = parse_url(text)
    except UrlFault:
        return _path_link(builtin, text)
    if not url.host:
        raise _no_link(builtin, "an absolute URL with a host")
    bare = url._replace(query=None, fragment=None)
    return Link(url.origin + url.path, bare.text(), form_pairs(url.query or ""))


def _path_link(builtin: str, text: str) -> Link:
    path, _, query = text.partition("#")[0].partition("?")
    path = path or "/"
    if not path.startswith("/"):
        raise _no_link(builtin, "an absolute URL")
    path = _escape_path(path)
    return Link(path, path, form_pairs(query))


def _no_link(builtin: str, instead: str) -> HarnError:
    return runtime_error(f"{builtin}: expected {instead} or an absolute path starting with `/`")


def _escape_path(path: str) -> str:
    """A path with everything but slashes and unreserved characters escaped; ``%XX`` stays, in capital letters."""
    head, *parts = path.split("%")
    out = [escape(head, b"/")]
    for part in parts:
        if len(part) >= 2 and not part[:2].strip("0123456789abcdefABCDEF"):
            out.append(f"%{part[:2].upper()}{escape(part[2:], b'/')}")
        else:
            out.append(f"%25{escape(part, b'/')}")
    return "".join(out)


def _canonical(pairs: Pairs) -> str:
    escaped = sorted((escape(name, UNRESERVED), escape(value, UNRESERVED)) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in escaped)


def _signature(secret: str, resource: str, pairs: Pairs) -> str:
    return BASE64_URL.encode(mac_sha256(secret, f"harn-signed-url-v1\n{resource}\n{_canonical(pairs)}"))


@builtin(
    "signed_url(base: string, claims: dict, secret: string, expires_at: int, options?: dict) -> string",
    ctx=True,
    examples=[
        (
            'signed_url("/only/path", {}, "k", 1)',
            "/only/path?exp=1&sig=PUufPXlKuvamyrOQfaFuDsfwez9_leDmcK6JAihT7DQ",
        )
    ],
)
def signed_url(
    ctx: Context,
    base: str,
    claims: dict[str, Any],
    secret: str,
    expires_at: int,
    options: dict[str, Any] | None = None,
) -> str:
    """A URL or absolute path with claims, a time of expiry in seconds and a signature in its query; a fragment is dropped.

    Options: `kid` (key id), and the names `signature_param`, `expires_param`, `kid_param`.
    """
    settings = _settings("signed_url", options)
    own = (settings.signature, settings.expires, settings.kid_name)
    for name in own:
        if name in claims:
            raise runtime_error(f"signed_url: claims cannot contain reserved parameter `{name}`")
    limit = ctx.vm.value_bytes
    link = _link("signed_url", base, limit)
    pairs = [pair for pair in link.pairs if pair[0] not in own]
    pairs += [(name, display(value, limit)) for name, value in sorted(claims.items())]
    check_size(sum(len(name) + len(value) for name, value in pairs), limit)
    pairs.append((settings.expires, str(expires_at)))
    if settings.kid is not None:
        pairs.append((settings.kid_name, settings.kid))
    pairs.append((settings.signature, _signature(secret, link.resource, pairs)))
    return f"{link.prefix}?{_canonical(pairs)}"


@builtin(
    "verify_signed_url(url: string, secret_or_keys: string|dict, now: int, options?: dict) -> {valid: bool, reason: string, "
    "signature_valid: bool, expired: bool, expires_at: int?, kid: string?, claims: dict<string, string>}",
    ctx=True,
    examples=[('verify_signed_url("/x?exp=1&sig=forged", "k", 0).reason', "bad_signature")],
)
def verify_signed_url(
    ctx: Context, url: str, secret_or_keys: str | dict[str, Any], now: int, options: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Whether a signed URL is whole and not expired at `now`; with a dict of secrets, the link's key id chooses one.

    `reason` is `ok`, `missing_signature`, `missing_expiry`, `invalid_expiry`, `duplicate_kid`, `unknown_key`, `bad_signature` or
    `expired`. Options: `skew_seconds`, for which an expired link is still taken, and the names `signed_url` has.
    """
    settings = _settings("verify_signed_url", options)
    link = _link("verify_signed_url", url, ctx.vm.value_bytes)
    signatures, expiries, kids = (
        [value for name, value in link.pairs if name == own]
        for own in (settings.signature, settings.expires, settings.kid_name)
    )
    if len(signatures) != 1:
        return _verdict("missing_signature")
    if len(expiries) != 1:
        return _verdict("missing_expiry")
    expires_at = _whole_number(expiries[0])
    if expires_at is None:
        return _verdict("invalid_expiry")
    if len(kids) > 1:
        return _verdict("duplicate_kid", expires_at)
    kid = kids[0] if kids else None
    own = (settings.signature, settings.expires, settings.kid_name)
    claims = {name: value for name, value in link.pairs if name not in own}
    if isinstance(secret_or_keys, str):
        secret = secret_or_keys
    elif kid is not None and secret_or_keys.get(kid) is not None:
        secret = text_of(secret_or_keys[kid])
    else:
        return _verdict("unknown_key", expires_at, kid, claims)
    from hmac import compare_digest

    wanted = _signature(secret, link.resource, [pair for pair in link.pairs if pair[0] != settings.signature])
    whole = compare_digest(signatures[0].encode("utf-8", "surrogatepass"), wanted.encode("ascii"))
    expired = now > expires_at + settings.skew
    reason = "bad_signature" if not whole else "expired" if expired else "ok"
    return _verdict(reason, expires_at, kid, claims, whole, expired)


def _whole_number(text: str) -> int | None:
    """The int of 64 bits that a text is, with or without a sign; None for anything else."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    significant = digits.lstrip("0") or digits[:1]
    if not digits or digits.strip("0123456789") or len(significant) > 19:
        return None
    number = -int(significant) if text[0] == "-" else int(significant)
    return number if LOWEST <= number <= HIGHEST else None


def _verdict(
    reason: str,
    expires_at: int | None = None,
    kid: str | None = None,
    claims: dict[str, str] | None = None,
    whole: bool = False,
    expired: bool = False,
) -> dict[str, Any]:
    return {
        "valid": reason == "ok",
        "reason": reason,
        "signature_valid": whole,
        "expired": expired,
        "expires_at": expires_at,
        "kid": kid,
        "claims": claims or {},
    }
