"""The set-up: what it does, that it does nothing twice, and what it says when it cannot."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).parents[2]
SCRIPT = CHECKOUT / "packaging" / "bootstrap.py"

# A build backend of its own lets pip install the project without a network and in no time.
BACKEND = '''\
"""Makes a wheel with one console script, and nothing else."""
import zipfile

FILES = {
    "METADATA": "Metadata-Version: 2.1\\nName: resmem-gui\\nVersion: 1\\nProvides-Extra: test\\n",
    "WHEEL": "Wheel-Version: 1.0\\nGenerator: fake\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "entry_points.txt": "[console_scripts]\\nresmem-gui = fake_program:main\\n",
    "RECORD": "",
}


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "resmem_gui-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{wheel_directory}/{name}", "w") as wheel:
        for file, text in FILES.items():
            wheel.writestr(f"resmem_gui-1.dist-info/{file}", text)
        wheel.writestr("fake_program.py", "import sys\\ndef main(): print(sys.argv[1:])\\n")
    return name
'''
PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


@pytest.fixture
def bootstrap() -> Any:
    """The set-up as a module, fresh for each test."""
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The root of a small project that needs nothing: no dependency, no library, no command."""
    root = tmp_path / "project"
    (root / "packaging").mkdir(parents=True)
    (root / "resmem_gui").mkdir()
    shutil.copy(SCRIPT, root / "packaging")
    shutil.copy(CHECKOUT / "resmem_gui" / "system.py", root / "resmem_gui")
    (root / "packaging" / "system-libraries.txt").touch()
    (root / "packaging" / "test-packages.txt").touch()
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "backend.py").write_text(BACKEND)
    return root


class Programs:
    """Stands in for every program that the set-up starts; makes what they would have made."""

    def __init__(self, bootstrap: Any, project: Path) -> None:
        self.started: list[str] = []
        self.exit_codes: dict[str, int] = {}
        self._environment = bootstrap.Environment(project)

    def call(self, command: list[str], cwd: Path | None = None, **_: object) -> int:
        name = self._name_of(command)
        self.started.append(name)
        if name == "venv":
            self.make_environment()
        return self.exit_codes.get(name, 0)

    def make_environment(self) -> None:
        shutil.rmtree(self._environment.folder, ignore_errors=True)
        self._environment.python.parent.mkdir(parents=True)
        self._environment.python.touch()
        self._environment.config.write_text(f"home = {self._environment.root}\nversion = 3.11.7\n")

    def finish_last_round(self) -> list[str]:
        """Return what was started since this was last asked."""
        started, self.started = self.started, []
        return started

    @staticmethod
    def _name_of(command: list[str]) -> str:
        """Return ``venv``, ``pip ARGUMENT`` with its last argument, or the words themselves."""
        if command[1:3] == ["-m", "venv"]:
            return "venv"
        if command[1:3] == ["-m", "pip"]:
            return f"pip {command[-1]}"
        return " ".join([Path(command[0]).stem, *command[1:]])


@pytest.fixture
def programs(bootstrap: Any, project: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    programs = Programs(bootstrap, project)
    monkeypatch.setattr(bootstrap, "call", programs.call)
    monkeypatch.setattr(bootstrap, "become", programs.call)
    monkeypatch.setattr(bootstrap, "is_recent", lambda python, code="": True)
    return programs


@pytest.fixture
def set_up(bootstrap: Any, project: Path, programs: Programs) -> Callable[..., list[str]]:
    """Runs ``setup`` with arguments and returns what that started."""

    def set_up(*arguments: str) -> list[str]:
        assert bootstrap.main(["setup", *arguments], project) == 0
        return programs.finish_last_round()

    return set_up


# --- the environment and its stamp --------------------------------------------------------------


def test_the_first_set_up_makes_an_environment_and_installs(
    set_up: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up() == ["venv", "pip ."]
    assert "takes some minutes" in capsys.readouterr().out


def test_a_second_set_up_starts_nothing_and_says_nothing(
    set_up: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up()
    capsys.readouterr()
    assert set_up() == []
    assert capsys.readouterr() == ("", "")


def test_the_set_up_for_tests_is_enough_to_run(set_up: Callable[..., list[str]]) -> None:
    assert set_up("--test") == ["venv", "pip .[test]"]
    assert set_up() == []
    assert set_up("--test") == []


def test_the_set_up_to_run_is_not_enough_for_tests(set_up: Callable[..., list[str]]) -> None:
    set_up()
    assert set_up("--test") == ["pip .[test]"]


def test_a_changed_project_file_is_installed_into_the_same_environment(
    set_up: Callable[..., list[str]], project: Path
) -> None:
    set_up()
    (project / "pyproject.toml").write_text(PYPROJECT + "# another dependency\n")
    assert set_up() == ["pip ."]
    assert set_up() == []


def test_an_environment_of_another_python_version_is_installed_into_again(
    set_up: Callable[..., list[str]], project: Path
) -> None:
    set_up()
    config = project / ".venv" / "pyvenv.cfg"
    config.write_text(config.read_text().replace("3.11.7", "3.12.1"))
    assert set_up() == ["pip ."]


def test_a_moved_environment_is_neither_whole_nor_of_use(
    bootstrap: Any, set_up: Callable[..., list[str]], project: Path
) -> None:
    set_up()
    moved = bootstrap.Environment(shutil.copytree(project, project.with_name("moved")))
    assert moved.is_there()
    assert not moved.holds("")
    assert not moved.works()


def test_an_environment_made_by_hand_is_kept(set_up: Callable[..., list[str]], programs: Programs) -> None:
    programs.make_environment()
    assert set_up() == ["pip ."]


def test_an_environment_without_its_python_is_made_anew(
    bootstrap: Any, set_up: Callable[..., list[str]], project: Path
) -> None:
    set_up()
    bootstrap.Environment(project).python.unlink()
    assert set_up() == ["venv", "pip ."]


def test_an_environment_whose_base_python_is_gone_is_made_anew(
    set_up: Callable[..., list[str]], project: Path
) -> None:
    set_up()
    (project / ".venv" / "pyvenv.cfg").write_text(f"home = {project / 'gone'}\n")
    assert set_up() == ["venv", "pip ."]


def test_an_environment_that_does_not_start_or_has_no_pip_is_made_anew(
    bootstrap: Any,
    set_up: Callable[..., list[str]],
    programs: Programs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programs.make_environment()
    monkeypatch.setattr(bootstrap, "is_recent", lambda python, code="": "import pip" not in code)
    assert set_up() == ["venv", "pip ."]


def test_a_failed_pip_is_said_and_the_next_set_up_begins_anew(
    bootstrap: Any,
    set_up: Callable[..., list[str]],
    project: Path,
    programs: Programs,
    capsys: pytest.CaptureFixture[str],
) -> None:
    programs.exit_codes = {"pip .": 1}
    assert bootstrap.main(["setup"], project) == 1
    problem = capsys.readouterr().err
    assert problem.startswith("pip could not install resmem_gui")
    assert "run the same command again" in problem
    programs.exit_codes = {}
    programs.finish_last_round()
    assert set_up() == ["venv", "pip ."]


def test_an_interrupted_pip_ends_clean_and_the_next_set_up_begins_anew(
    bootstrap: Any,
    set_up: Callable[..., list[str]],
    project: Path,
    programs: Programs,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupt(command: list[str], **_: object) -> int:
        if "pip" in command:
            raise KeyboardInterrupt
        return programs.call(command)

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "call", interrupt)
        assert bootstrap.main(["setup"], project) == 130
    assert "Stopped." in capsys.readouterr().err
    programs.finish_last_round()
    assert set_up() == ["venv", "pip ."]


def test_an_environment_that_cannot_be_made_is_said(
    bootstrap: Any, project: Path, programs: Programs, capsys: pytest.CaptureFixture[str]
) -> None:
    programs.exit_codes = {"venv": 1}
    assert bootstrap.main(["setup"], project) == 1
    assert "could not make an environment" in capsys.readouterr().err
    assert programs.started == ["venv"]


def test_a_file_that_cannot_be_written_is_a_sentence(
    bootstrap: Any,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def deny(environment: object, extra: str) -> None:
        raise PermissionError(13, "Permission denied", "stamp")

    monkeypatch.setattr(bootstrap.Environment, "prepare", deny)
    assert bootstrap.main(["setup"], project) == 1
    assert "Permission denied: 'stamp'" in capsys.readouterr().err


# --- which Python -------------------------------------------------------------------------------


def test_an_old_python_can_parse_the_file() -> None:
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 6))


def test_an_old_python_without_a_newer_one_is_said(
    bootstrap: Any,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bootstrap, "find_recent_python", lambda: None)
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(bootstrap.os, "name", "posix")
    code = bootstrap.main(["run"], project)
    monkeypatch.undo()
    assert code == 2
    assert capsys.readouterr().err == (
        "resmem_gui needs Python 3.11 or later; this is 3.9.2. "
        "Run it with another one: make run PYTHON=python3.12\n"
    )


def test_an_old_python_hands_over_to_a_newer_one(
    bootstrap: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_over: list[list[str]] = []

    def become(command: list[str]) -> int:
        handed_over.append(command)
        return 7

    monkeypatch.setattr(bootstrap, "become", become)
    monkeypatch.setattr(bootstrap, "find_recent_python", lambda: "/somewhere/python3.13")
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    code = bootstrap.main(["run", "--fast", "folder"], project)
    monkeypatch.undo()
    assert code == 7
    assert handed_over == [["/somewhere/python3.13", str(SCRIPT), "run", "--fast", "folder"]]


@pytest.mark.skipif(os.name == "nt", reason="writes shell scripts")
def test_the_newest_python_that_works_is_found(
    bootstrap: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, exit_code in {"python3.13": 127, "python3.12": 0, "python3.11": 0}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {exit_code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bootstrap.find_recent_python() == str(tmp_path / "python3.12")


def test_this_python_is_recent(bootstrap: Any) -> None:
    assert bootstrap.is_recent(sys.executable)
    assert not bootstrap.is_recent(sys.executable, "import no_such_module_anywhere")
    assert not bootstrap.is_recent(str(CHECKOUT / "no-such-python"))


# --- system packages ----------------------------------------------------------------------------


@pytest.fixture
def bare_machine(bootstrap: Any, project: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A Debian that lacks one library and one command until apt-get installs them.

    Returns resmem_gui/system.py as the set-up sees it.
    """
    (project / "packaging" / "system-libraries.txt").write_text("libEGL.so.1 libegl1\n")
    (project / "packaging" / "test-packages.txt").write_text("Xvfb xvfb\n")
    system = bootstrap.load_system(project)

    def installed() -> bool:
        return any("apt-get install" in program for program in programs.started)

    def missing(listing: str) -> list[Any]:
        pairs = [] if installed() else system.parse_listing(listing)
        return [system.MissingLibrary(*pair) for pair in pairs]

    def which(command: str) -> str | None:
        return None if command == "Xvfb" and not installed() else f"/usr/bin/{command}"

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system, "missing_libraries", missing)
    monkeypatch.setattr(bootstrap.shutil, "which", which)
    monkeypatch.setattr(bootstrap, "load_system", lambda root: system)
    return system


def test_a_user_is_told_the_one_command(
    bootstrap: Any,
    project: Path,
    programs: Programs,
    bare_machine: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bare_machine, "is_root", lambda: False)
    assert bootstrap.main(["setup", "--test"], project) == 2
    assert capsys.readouterr().err.endswith(": sudo apt-get install -y libegl1 xvfb\n")
    assert programs.started == []


def test_root_has_it_installed(
    project: Path,
    set_up: Callable[..., list[str]],
    bare_machine: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bare_machine, "is_root", lambda: True)
    assert set_up("--test")[:2] == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends libegl1 xvfb",
    ]


def test_the_commands_of_the_tests_are_not_needed_to_run(
    set_up: Callable[..., list[str]], bare_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bare_machine, "is_root", lambda: True)
    assert "xvfb" not in " ".join(set_up())


def test_what_apt_cannot_install_is_said(
    bootstrap: Any,
    project: Path,
    bare_machine: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bare_machine, "is_root", lambda: True)
    monkeypatch.setattr(bootstrap, "install_packages", lambda packages: None)
    assert bootstrap.main(["setup"], project) == 2
    assert capsys.readouterr().err.endswith(": apt-get install -y libegl1\n")


def test_debians_split_off_venv_is_named(
    bootstrap: Any, project: Path, bare_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    missing = bootstrap.missing_packages(bare_machine, bootstrap.Environment(project), "")
    major, minor = sys.version_info[:2]
    assert f"python{major}.{minor}-venv" in missing.values()


# --- the verbs ----------------------------------------------------------------------------------


def test_run_hands_its_arguments_on(bootstrap: Any, project: Path, programs: Programs) -> None:
    assert bootstrap.main(["run", "--demo", "my folder"], project) == 0
    assert programs.started[-1] == "resmem-gui --demo my folder"


def test_test_runs_every_check_and_then_pytest(
    bootstrap: Any, project: Path, programs: Programs, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main(["test", "-k", "grid"], project) == 0
    checks = ["ruff check .", "ruff format --check .", "mypy", "lint-imports", "pytest -k grid"]
    assert programs.started == ["venv", "pip .[test]", *checks]
    lines = capsys.readouterr().out.splitlines()
    assert lines[-len(checks) :] == [f"==> {check}" for check in checks]


def test_test_stops_at_the_first_failure_and_passes_its_code_on(
    bootstrap: Any, project: Path, programs: Programs
) -> None:
    programs.exit_codes = {"mypy": 3}
    assert bootstrap.main(["test"], project) == 3
    assert programs.started[-1] == "mypy"


@pytest.mark.parametrize("argv", [[], ["nonsense"], ["setup", "--tests"], ["lint", "x"]])
def test_what_is_not_understood_is_answered_with_the_usage(
    argv: list[str],
    bootstrap: Any,
    project: Path,
    programs: Programs,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bootstrap.main(argv, project) == 2
    assert "bootstrap.py setup [--test]" in "".join(capsys.readouterr())
    assert programs.started == []


def test_clean_removes_what_was_made_and_nothing_else(
    bootstrap: Any, project: Path, programs: Programs
) -> None:
    programs.make_environment()
    (project / ".mypy_cache").mkdir()
    (project / "resmem_gui" / "__pycache__").mkdir()
    assert bootstrap.main(["clean"], project) == 0
    assert sorted(path.name for path in project.rglob("*")) == [
        "backend.py",
        "bootstrap.py",
        "packaging",
        "pyproject.toml",
        "resmem_gui",
        "system-libraries.txt",
        "system.py",
        "test-packages.txt",
    ]


def test_a_program_ended_by_a_signal_has_the_code_a_shell_gives_it(bootstrap: Any) -> None:
    if os.name == "nt":
        pytest.skip("needs signals")
    assert bootstrap.call(["/bin/sh", "-c", "kill -9 $$"]) == 128 + 9


def test_for_real_it_sets_up_once_and_starts_the_program(project: Path) -> None:
    script = str(project / "packaging" / "bootstrap.py")
    environ = dict(os.environ, PIP_NO_INDEX="1")

    def run(*arguments: str) -> str:
        command = [sys.executable, script, "run", *arguments]
        return subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True).stdout

    first = run("--demo", "my folder").splitlines()
    assert len(first) == 3
    assert first[-1] == "['--demo', 'my folder']"
    assert run("again") == "['again']\n"
