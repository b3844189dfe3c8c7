"""The files that ship with the program are found wherever it is installed."""

import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from resmem_gui import resources
from resmem_gui.resources import resource

ROOT = Path(__file__).parents[2]

ONE_OF_EACH_KIND = [
    "resources/icons/resmem-gui.svg",
    "resources/references/lamem.json",
    "resources/licenses/resmem-LICENSE.txt",
    "packaging/system-libraries.txt",
]


@pytest.mark.parametrize("relative", ONE_OF_EACH_KIND)
def test_a_file_is_found_in_a_checkout(relative: str) -> None:
    assert resource(relative) == ROOT / relative
    assert resource(relative).read_text(encoding="utf-8")


def test_a_folder_is_found() -> None:
    assert list(resource("resources/icons").glob("*.svg"))


@pytest.mark.parametrize(
    "relative", ["/etc/passwd", "../secret.txt", "resources/../../secret.txt", "resources/.."]
)
def test_a_path_out_of_the_project_is_refused(relative: str) -> None:
    with pytest.raises(ValueError, match="not a path inside the project"):
        resource(relative)


def test_a_file_that_does_not_ship_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"lacks resources/icons/none\.svg"):
        resource("resources/icons/none.svg")


def test_a_wheels_own_files_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "x.txt").write_text("bundled")
    monkeypatch.setattr(resources, "_BUNDLE", tmp_path)
    assert resource("resources/x.txt") == tmp_path / "resources" / "x.txt"
    with pytest.raises(FileNotFoundError):
        resource("packaging/system-libraries.txt")


# --- a real wheel --------------------------------------------------------------------------------

SCRIPT = """
import sys
from pathlib import Path

target, checkout = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
sys.path[:] = [str(target), *(entry for entry in sys.path if Path(entry).resolve() != checkout)]

import resmem_gui
from resmem_gui.analysis.reference import load_lamem
from resmem_gui.resources import resource
from resmem_gui.system import parse_listing

assert Path(resmem_gui.__file__).resolve().is_relative_to(target), resmem_gui.__file__
for relative in sys.argv[3:]:
    assert resource(relative).resolve().is_relative_to(target), relative
assert "<svg" in resource("resources/icons/resmem-gui.svg").read_text("utf-8")
assert "University of Chicago" in resource("resources/licenses/resmem-LICENSE.txt").read_text("utf-8")
assert parse_listing(resource("packaging/system-libraries.txt").read_text("utf-8"))
print(load_lamem().n)
"""


def run(command: Sequence[object], **options: object) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT)
    (made,) = folder.glob("*.whl")
    return made


def test_an_installed_wheel_finds_a_file_of_each_kind(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--disable-pip-version-check"]
    run([*pip, "--target", target, wheel])
    command = [sys.executable, "-c", SCRIPT, target, ROOT, *ONE_OF_EACH_KIND]
    assert run(command, cwd=tmp_path).strip() == "58741"


def test_a_wheel_holds_every_resource_and_no_test(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    bundled = {name.removeprefix("resmem_gui/_bundle/") for name in names if "/_bundle/" in name}
    shipped = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "resources").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert shipped <= bundled
    assert "resmem_gui/py.typed" in names
    assert not {name for name in names if name.startswith("tests/")}
    assert any(name.endswith("licenses/LICENSE") for name in names)
