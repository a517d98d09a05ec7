"""The script that finds or downloads Python, with simulated interpreters."""

import subprocess
from pathlib import Path

import pytest

from local.cloud import ROOT

PYTHON = """#!/bin/sh
# Version {version}. It records its arguments, and creates copies of itself.
case "$*" in
    "-c "*) echo {version} ;;
    "-m venv "*) {venv} ;;
    *) echo "$0 $*" >> "$NOTES" ;;
esac
"""
MAKES_OTHERS = (
    'echo "python {version} -m venv $3" >> "$NOTES"; mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; cp "$UV" "$3/bin/uv"'
)
UV = """#!/bin/sh
echo "uv $*" >> "$NOTES"
case "$*" in
    "venv "*) {download} ;;
esac
"""
BRINGS_3_13 = 'mkdir -p .venv/bin; cp "$BROUGHT" .venv/bin/python; cp "$0" .venv/bin/uv'
PIP = "install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt"


class Machine:
    """A machine with simulated programs, and a new checkout."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.programs, self.others = folder / "checkout", folder / "bin", folder / "elsewhere"
        for each in (self.checkout / "local", self.checkout / "requirements", self.programs, self.others):
            each.mkdir(parents=True)
        script = self.checkout / "local" / "venv.sh"
        script.write_text((ROOT / "local" / "venv.sh").read_text())
        script.chmod(0o755)
        self.can_download(works=True)
        self.program(
            self.others / "python3.13", PYTHON.format(version="3.13", venv=MAKES_OTHERS.format(version="3.13"))
        )

    def program(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)

    def has_python(self, name: str, version: str, *, can_venv: bool = True) -> None:
        venv = MAKES_OTHERS.format(version=version) if can_venv else "exit 1"
        self.program(self.programs / name, PYTHON.format(version=version, venv=venv))

    def can_download(self, *, works: bool) -> None:
        self.program(self.others / "uv", UV.format(download=BRINGS_3_13 if works else "exit 1"))

    def has_uv(self) -> None:
        self.program(self.programs / "uv", (self.others / "uv").read_text())

    def make(self, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.programs}:/usr/bin-without-python:{self._system()}",
            "NOTES": str(self.checkout / "notes"),
            "UV": str(self.others / "uv"),
            "BROUGHT": str(self.others / "python3.13"),
            **more,
        }
        return subprocess.run(
            [self.checkout / "local" / "venv.sh"],
            cwd=self.checkout,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def _system(self) -> Path:
        """The programs that the scripts need, without Python."""
        system = self.others / "system"
        if not system.exists():
            system.mkdir()
            for name in ("bash", "sh", "env", "cp", "mkdir", "rm"):
                real = next(path for path in (Path("/usr/bin") / name, Path("/bin") / name) if path.exists())
                (system / name).symlink_to(real)
        return system

    @property
    def notes(self) -> list[str]:
        return (self.checkout / "notes").read_text().replace(str(self.checkout) + "/", "").splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("name", ["python3.13", "python3", "python"])
def test_an_installed_3_13_is_used_whatever_its_name(machine: Machine, name: str) -> None:
    machine.has_python(name, "3.13")
    machine.has_python("python3.12", "3.12")
    done = machine.make()
    assert done.returncode == 0, done.stderr
    assert machine.notes[0] == "python 3.13 -m venv .venv"
    assert machine.notes[-1].startswith("uv pip sync")
    assert not any(note.startswith("uv venv") for note in machine.notes)


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.14"])
def test_uv_downloads_python_3_13_if_it_is_missing(machine: Machine, version: str) -> None:
    machine.has_python("python3", version)
    done = machine.make()
    assert done.returncode == 0, done.stderr
    assert "uv downloads it" in done.stderr
    bootstrap = ".local/environments/bootstrap"
    assert machine.notes[:3] == [
        f"python {version} -m venv {bootstrap}",
        f"{bootstrap}/bin/python -m pip {PIP}",
        "uv venv --quiet --python 3.13 .venv",
    ]
    assert machine.notes[-1].startswith("uv pip sync --quiet --python .venv/bin/python")


def test_an_installed_uv_needs_no_python(machine: Machine) -> None:
    machine.has_uv()
    done = machine.make()
    assert done.returncode == 0, done.stderr
    assert machine.notes[0] == "uv venv --quiet --python 3.13 .venv"


def test_if_the_download_fails_the_error_contains_what_to_install(machine: Machine) -> None:
    machine.has_python("python3", "3.11")
    machine.can_download(works=False)
    done = machine.make()
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "Python 3.13 was not found and could not be downloaded; install it, or name it: make PYTHON=/path/to/python3.13"
    )


@pytest.mark.parametrize("version", [None, "2.7", "3.9"])
def test_a_python_that_is_too_old_is_an_error(machine: Machine, version: str | None) -> None:
    if version:
        machine.has_python("python3", version)
    done = machine.make()
    assert done.returncode == 1
    assert done.stderr == (
        "Python 3.10 or newer is needed and was not found; install it, or name it: make PYTHON=/path/to/python3\n"
    )


def test_a_python_without_the_venv_module_is_named(machine: Machine) -> None:
    machine.has_python("python3", "3.13", can_venv=False)
    done = machine.make()
    assert done.returncode == 1
    assert "python3 cannot make virtual environments" in done.stderr


def test_the_given_interpreter_is_tried_first(machine: Machine) -> None:
    machine.has_python("python3", "3.13")
    machine.has_python("my-python", "3.13")
    assert machine.make(PYTHON=str(machine.programs / "my-python")).returncode == 0
    assert machine.notes[0] == "python 3.13 -m venv .venv"
    (machine.programs / "python3").unlink()
    (machine.checkout / ".venv" / "bin" / "python").unlink()
    assert machine.make(PYTHON=str(machine.programs / "my-python")).returncode == 0


def test_an_existing_venv_is_kept_unless_it_has_another_version(machine: Machine) -> None:
    machine.has_python("python3", "3.13")
    machine.make()
    kept = machine.checkout / ".venv" / "kept"
    kept.touch()
    machine.make()
    assert kept.exists()
    machine.program(machine.checkout / ".venv" / "bin" / "python", PYTHON.format(version="3.12", venv="exit 1"))
    machine.make()
    assert not kept.exists()
