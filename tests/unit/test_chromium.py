"""Finds an installed browser, and reports if there is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.cloud import ROOT
from tests.browser import chromium


@pytest.mark.parametrize("name", chromium.NAMES)
def test_finds_an_installed_browser_by_each_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program = tmp_path / name
    program.write_text("#!/bin/sh\n")
    assert list(chromium._installed()) == [], "a file that cannot be run is no browser"
    program.chmod(0o755)
    assert list(chromium._installed()) == [str(program)]


def test_without_a_browser_the_error_contains_what_to_install(tmp_path: Path) -> None:
    """A browser that does not start counts as missing, and nothing can be downloaded here."""
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    nowhere = {"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path), "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.chromium"],
        cwd=ROOT,
        env=os.environ | nowhere | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    *_, printed = done.stderr.splitlines()
    assert printed.startswith("The browser tests need Chromium, Chrome or Edge: none was found that starts")
    assert "ECONNREFUSED" in printed
