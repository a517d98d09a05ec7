"""Ports for servers that start later."""

import pytest

from local import processes


def test_a_port_is_given_once_though_its_server_has_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PORTS", range(31_000, 31_100))
    given = [processes.free_port() for _ in range(50)]
    assert len(set(given)) == len(given)
    assert all(processes.is_free(port) for port in given)
