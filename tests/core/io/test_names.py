import socket

import pytest

from duality.core.io.names import known, look_up


@pytest.mark.parametrize(
    ("host", "family", "address"),
    [
        ("127.0.0.1", socket.AF_INET, ("127.0.0.1", 80)),
        ("::1", socket.AF_INET6, ("::1", 80, 0, 0)),
        ("", socket.AF_INET, ("0.0.0.0", 80)),
    ],
)
def test_numeric_hosts_are_known_at_once(host, family, address):
    assert known(host, 80) == [(family, address)]


def test_localhost_is_known_in_both_families_without_asking(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", None)
    assert [family for family, _ in known("localhost", 80)] == [socket.AF_INET, socket.AF_INET6]


def test_other_names_must_be_looked_up():
    assert known("some.name.invalid", 80) is None


def test_looking_up_gives_what_the_system_says(monkeypatch):
    def getaddrinfo(host, port, *, type, flags):
        assert (host, type, flags) == ("some.name", socket.SOCK_STREAM, 0)
        return [(socket.AF_INET, type, 6, "", ("10.0.0.1", port)), (socket.AF_INET, type, 6, "", ("10.0.0.2", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert look_up("some.name", 80) == [(socket.AF_INET, ("10.0.0.1", 80)), (socket.AF_INET, ("10.0.0.2", 80))]
