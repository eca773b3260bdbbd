"""Hosts of URLs by the URL Standard: domains in ASCII, IPv4 addresses however they are written, IPv6 addresses shortened."""

from __future__ import annotations

from harn.builtins.percent import IN_OPAQUE, escape, unescape

_FORBIDDEN = frozenset("\0\t\n\r #/:<>?@[\\]^|")
_FORBIDDEN_IN_DOMAINS = _FORBIDDEN | frozenset(map(chr, range(0x20))) | {"%", "\x7f"}

LONGEST = 10_000
"""Characters of a domain in another script: its conversion takes time that grows with the square of a label's length."""
LONGEST_LABEL = 1_000


class UrlFault(ValueError):
    """A text that is no URL; the message says why."""


def parse_host(text: str, special: bool) -> str:
    """The canonical form of a host. Of a scheme that is not special it may be any text without the forbidden characters."""
    if text.startswith("["):
        return f"[{_ipv6(text[1:-1] if text.endswith(']') else '')}]"
    if not special:
        if not _FORBIDDEN.isdisjoint(text):
            raise UrlFault("invalid domain character")
        return escape(text, IN_OPAQUE)
    try:
        domain = unescape(text.encode("utf-8", "surrogatepass")).decode("utf-8")
    except UnicodeDecodeError:
        raise _no_domain() from None
    domain = _ascii_domain(domain)
    if not domain:
        raise UrlFault("empty host")
    if not _FORBIDDEN_IN_DOMAINS.isdisjoint(domain):
        raise _no_domain()
    return _ipv4(domain) if _ends_in_number(domain) else domain


def _no_domain() -> UrlFault:
    return UrlFault("invalid international domain name")


# ------------------------------------------------------------------------------------------------------------ domains


def _ascii_domain(domain: str) -> str:
    """A domain in small ASCII letters, labels of other scripts as ``xn--...``: UTS 46, not transitional, of any length."""
    if domain.isascii() and "xn--" not in domain.lower():
        return domain.lower()
    import idna

    if len(domain) > LONGEST:
        raise _no_domain()
    try:
        mapped = idna.uts46_remap(domain, std3_rules=False, transitional=False)
        return ".".join(map(_ascii_label, mapped.split(".")))
    except UnicodeError:  # every error of that package is one
        raise _no_domain() from None


def _ascii_label(label: str) -> str:
    if len(label) > LONGEST_LABEL:
        raise _no_domain()
    if not label.startswith("xn--"):
        if label.isascii():
            return label
        _check_label(label)
        return "xn--" + label.encode("punycode").decode("ascii")
    import idna

    decoded = label[4:].encode("ascii").decode("punycode")
    canonical = not decoded.isascii() and decoded.encode("punycode").decode("ascii") == label[4:]
    if not canonical or idna.uts46_remap(decoded, std3_rules=False, transitional=False) != decoded:
        raise _no_domain()
    _check_label(decoded)
    return label


def _check_label(label: str) -> None:
    """The rules of IDNA for a label as a whole: how it begins, joiners, and scripts that run from right to left."""
    import idna

    idna.check_initial_combiner(label)
    idna.check_bidi(label)
    for place, character in enumerate(label):
        if character in "\u200c\u200d" and not idna.valid_contextj(label, place):
            raise _no_domain()


# ---------------------------------------------------------------------------------------------------------- addresses


def _number(text: str) -> int | None:
    """An IPv4 number: decimal, octal behind a 0, hexadecimal behind 0x; None for what is none."""
    digits, base = text, 10
    if text[:2].lower() == "0x":
        digits, base = text[2:] or "0", 16
    elif len(text) > 1 and text[0] == "0":
        digits, base = text[1:], 8
    allowed = "0123456789abcdefABCDEF" if base == 16 else "0123456789"[:base]
    if not digits or digits.strip(allowed):
        return None
    # Whatever has more digits than the largest number is larger, and slow to convert.
    return int(digits, base) if len(digits.lstrip("0")) <= 16 else 2**64


def _ends_in_number(domain: str) -> bool:
    parts = domain.split(".")
    if parts[-1] == "" and len(parts) > 1:
        parts.pop()
    return bool(parts[-1]) and (not parts[-1].strip("0123456789") or _number(parts[-1]) is not None)


def _ipv4(domain: str) -> str:
    """The four decimal numbers of an address; fewer are allowed, the last one then fills the rest."""
    parts = domain.split(".")
    if parts[-1] == "":
        parts.pop()
    numbers = [_number(part) for part in parts[:5]]
    address = 0
    for place, number in enumerate(numbers):
        last = place == len(parts) - 1
        if number is None or len(parts) > 4 or number >= (256 ** (4 - place) if last else 256):
            raise UrlFault("invalid IPv4 address")
        address += number if last else number << 8 * (3 - place)
    return ".".join(map(str, address.to_bytes(4, "big")))


def _ipv6(text: str) -> str:
    """Eight groups of hexadecimal digits without leading zeros, the first longest row of zero groups as ``::``."""
    from ipaddress import AddressValueError, IPv6Address

    try:
        if "%" in text or "/" in text:  # zones are no part of URLs
            raise AddressValueError(text)
        data = IPv6Address(text).packed
    except AddressValueError:
        raise UrlFault("invalid IPv6 address") from None
    groups = [f"{int.from_bytes(data[place : place + 2], 'big'):x}" for place in range(0, 16, 2)]
    start, length = _zeros(groups)
    if length < 2:
        return ":".join(groups)
    return ":".join(groups[:start]) + "::" + ":".join(groups[start + length :])


def _zeros(groups: list[str]) -> tuple[int, int]:
    """(place, length) of the first longest row of zero groups."""
    best, place = (0, 0), 0
    while place < len(groups):
        end = place
        while end < len(groups) and groups[end] == "0":
            end += 1
        if end - place > best[1]:
            best = (place, end - place)
        place = end + 1
    return best
