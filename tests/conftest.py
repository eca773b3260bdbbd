"""What holds for every test: no network, a cache folder of its own, and Hypothesis without deadlines."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.effort import USUAL

settings.register_profile("harn", deadline=None, max_examples=USUAL, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("harn"), max_examples=20 * USUAL)
settings.register_profile(
    "first", settings.get_profile("harn"), phases=(Phase.explicit, Phase.generate), database=None, derandomize=True
)
settings.load_profile("harn")
"""``long`` tries twenty times as hard; ``first`` tells of the first failure it meets, without looking for a smaller one."""


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep compiled code and parser tables of the tests out of the user's cache; parallel workers share one folder."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARN_CACHE_DIR", str(base / "harn-cache"))
        yield


def is_loopback(host: str | bytes | None) -> bool:
    """Whether a host name or number means this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    try:
        return name in (None, "", "localhost") or ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections and look-ups of names; a test marked ``loopback`` may talk to this machine."""
    local = request.node.get_closest_marker("loopback") is not None

    def guard(host: str | bytes | None) -> None:
        if not (local and is_loopback(host)):
            raise PermissionError(f"a test may not use the network: {host!r}")

    def guarded(connect: Any) -> Any:
        def call(self: socket.socket, address: Any) -> Any:
            if isinstance(address, tuple):  # a Unix socket's address is a path
                guard(address[0])
            return connect(self, address)

        return call

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        guard(host)
        return original(host, *args, **kwargs)

    original = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
