"""What is found out about the machine before Qt starts."""

from __future__ import annotations

import ctypes.util
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from resmem_gui import system

PACKAGING = Path(__file__).parents[2] / "packaging"
LISTING = """\
# a comment

libEGL.so.1   libegl1
libxcb.so.1   libxcb1   # and one at the end of a line
libz.so.1     zlib1g
"""
TERMINAL = "score from the terminal instead: resmem-gui score PATHS…"

needs_libxcb = pytest.mark.skipif(ctypes.util.find_library("xcb") is None, reason="needs libxcb")


@pytest.fixture
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "is_root", lambda: True)


@pytest.fixture
def as_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "is_root", lambda: False)


def no_server(display: str) -> bool:
    return False


def any_server(display: str) -> bool:
    return True


# --- libraries ----------------------------------------------------------------------------------


def test_a_listing_is_pairs_without_comments_and_empty_lines() -> None:
    assert system.parse_listing(LISTING) == [
        ("libEGL.so.1", "libegl1"),
        ("libxcb.so.1", "libxcb1"),
        ("libz.so.1", "zlib1g"),
    ]


@pytest.mark.parametrize("line", ["libEGL.so.1", "libEGL.so.1 libegl1 libegl2"])
def test_a_line_that_is_no_pair_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=f"line 2 .*{line}"):
        system.parse_listing(f"# heading\n{line}\n")


@pytest.mark.parametrize("name", ["system-libraries.txt", "test-packages.txt"])
def test_the_lists_of_the_project_are_sorted_and_name_nothing_twice(name: str) -> None:
    names = [name for name, _ in system.parse_listing((PACKAGING / name).read_text("utf-8"))]
    assert names
    assert names == sorted(set(names))


@pytest.mark.usefixtures("on_linux")
def test_libraries_that_do_not_load_are_missing() -> None:
    missing = system.missing_libraries(LISTING, can_load=lambda soname: soname == "libxcb.so.1")
    assert missing == [
        system.MissingLibrary("libEGL.so.1", "libegl1"),
        system.MissingLibrary("libz.so.1", "zlib1g"),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="loads Linux libraries")
def test_the_linker_is_asked() -> None:
    listing = "libc.so.6 libc6\nlibresmem-no-such-thing.so.7 libresmem7\n"
    missing = system.missing_libraries(listing)
    assert missing == [system.MissingLibrary("libresmem-no-such-thing.so.7", "libresmem7")]


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_nothing_is_missing_where_the_wheels_carry_everything(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert system.missing_libraries(LISTING, can_load=lambda soname: False) == []


@pytest.mark.usefixtures("as_user")
def test_the_command_is_one_line_sorted_and_without_repetition() -> None:
    command = system.install_command(["libgl1", "libegl1", "libgl1"])
    assert command == "sudo apt-get install -y libegl1 libgl1"


@pytest.mark.usefixtures("as_root")
def test_root_needs_no_sudo() -> None:
    assert system.install_command(["libegl1"]) == "apt-get install -y libegl1"


@pytest.mark.usefixtures("as_user")
def test_the_sentence_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda command: f"/usr/bin/{command}")
    sentence = system.how_to_install({"libz.so.1": "zlib1g", "libEGL.so.1": "libegl1"})
    assert sentence.endswith(": sudo apt-get install -y libegl1 zlib1g")


def test_without_apt_the_sentence_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda command: None)
    sentence = system.how_to_install({"libz.so.1": "zlib1g", "libEGL.so.1": "libegl1"})
    assert sentence.endswith(": libEGL.so.1, libz.so.1")
    assert "apt-get" not in sentence


# --- display ------------------------------------------------------------------------------------


@pytest.fixture
def wayland(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a socket such as a Wayland compositor listens on."""
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("needs Unix sockets")
    monkeypatch.chdir(tmp_path)  # a socket's path is limited to about 100 characters
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("wayland-7")
    return tmp_path / "wayland-7"


@pytest.mark.usefixtures("on_linux")
@pytest.mark.parametrize("environ", [{}, {"DISPLAY": "", "WAYLAND_DISPLAY": ""}])
def test_no_display_is_said_with_the_terminal_command(environ: dict[str, str]) -> None:
    problem = system.display_problem(environ, can_connect=any_server)
    assert problem == f"There is no display to open a window on; {TERMINAL}"


@pytest.mark.usefixtures("on_linux")
def test_a_display_that_answers_is_no_problem() -> None:
    asked: list[str] = []

    def can_connect(display: str) -> bool:
        asked.append(display)
        return True

    assert system.display_problem({"DISPLAY": ":5"}, can_connect=can_connect) is None
    assert asked == [":5"]


@pytest.mark.usefixtures("on_linux")
def test_a_display_that_does_not_answer_is_named() -> None:
    problem = system.display_problem({"DISPLAY": ":5"}, can_connect=no_server)
    assert problem == f"The display :5 cannot be reached, so no window can open; {TERMINAL}"


@pytest.mark.usefixtures("on_linux")
@pytest.mark.parametrize(
    "platform", ["offscreen", "Offscreen", "minimal", "linuxfb:fb=/dev/fb0", "vnc", "eglfs"]
)
def test_platforms_without_a_display_need_none(platform: str) -> None:
    assert system.display_problem({"QT_QPA_PLATFORM": platform}) is None


@pytest.mark.usefixtures("on_linux")
@pytest.mark.parametrize("platform", ["xcb", "wayland", "wayland-egl", "wayland;xcb", "XCB:x"])
def test_platforms_with_windows_need_a_display(platform: str) -> None:
    problem = system.display_problem({"QT_QPA_PLATFORM": platform}, can_connect=any_server)
    assert problem == f"There is no display to open a window on; {TERMINAL}"


@pytest.mark.usefixtures("on_linux")
def test_a_later_platform_that_needs_no_display_is_enough() -> None:
    assert system.display_problem({"QT_QPA_PLATFORM": "xcb;offscreen"}) is None


@pytest.mark.usefixtures("on_linux")
def test_a_wayland_socket_in_the_runtime_folder_is_a_display(wayland: Path) -> None:
    environ = {"WAYLAND_DISPLAY": wayland.name, "XDG_RUNTIME_DIR": str(wayland.parent)}
    assert system.display_problem(environ, can_connect=no_server) is None


@pytest.mark.usefixtures("on_linux")
def test_a_wayland_socket_with_an_absolute_path_is_a_display(wayland: Path) -> None:
    environ = {"WAYLAND_DISPLAY": str(wayland)}
    assert system.display_problem(environ, can_connect=no_server) is None


@pytest.mark.usefixtures("on_linux")
def test_a_relative_wayland_name_without_runtime_folder_is_none(wayland: Path) -> None:
    environ = {"WAYLAND_DISPLAY": wayland.name}
    problem = system.display_problem(environ, can_connect=no_server)
    assert problem is not None
    assert wayland.name in problem


@pytest.mark.usefixtures("on_linux")
def test_a_plain_file_is_no_wayland_socket(tmp_path: Path) -> None:
    (tmp_path / "wayland-0").touch()
    environ = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert system.display_problem(environ, can_connect=no_server) is not None


@pytest.mark.usefixtures("on_linux")
def test_x_stands_in_for_a_wayland_that_is_gone(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "gone", "XDG_RUNTIME_DIR": str(tmp_path), "DISPLAY": ":5"}
    assert system.display_problem(environ, can_connect=any_server) is None
    problem = system.display_problem(environ, can_connect=no_server)
    assert problem is not None
    assert "gone or :5" in problem


@pytest.mark.usefixtures("on_linux")
def test_only_the_chosen_platform_counts(wayland: Path) -> None:
    environ = {"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": str(wayland)}
    assert system.display_problem(environ, can_connect=any_server) is not None


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_always_have_a_display(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert system.display_problem({}, can_connect=no_server) is None


@needs_libxcb
@pytest.mark.usefixtures("on_linux")
def test_a_real_display_without_a_server_cannot_be_reached() -> None:
    problem = system.display_problem({"DISPLAY": ":987"})
    assert problem is not None
    assert ":987" in problem


@needs_libxcb
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_a_real_server_answers() -> None:
    command = ["Xvfb", "-displayfd", "1", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            display = f":{server.stdout.readline().strip()}"
            assert system.x_server_answers(display)
        finally:
            server.terminate()


def test_without_libxcb_the_display_is_not_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    assert system.x_server_answers(":987")
