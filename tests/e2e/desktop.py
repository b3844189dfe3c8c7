"""A desktop for the real program: an X server without a screen, a window manager, a mouse and a keyboard."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

#: A running program, whose output can be read.
Program = subprocess.Popen[str]
_DRAG_SOURCE = Path(__file__).with_name("drag_source.py")


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something to become true; fail with `what` if it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.05)


class Desktop:
    """One X display, driven like a person would."""

    def __init__(self, display: str, home: Path) -> None:
        self.display = display
        self.home = home

    @property
    def environment(self) -> dict[str, str]:
        """What a program started from this desktop sees."""
        folders = {f"XDG_{kind}_HOME": str(self.home / kind.lower()) for kind in ("CONFIG", "CACHE", "DATA")}
        return {
            **os.environ,
            **folders,
            "DISPLAY": self.display,
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(self.home),
        }

    def tool(self, *words: str) -> str:
        """Run xdotool and return what it prints."""
        command = ["xdotool", *words]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=30, check=False
        )
        return done.stdout.strip()

    def has_window_manager(self) -> bool:
        """Return whether a window manager has taken over the windows."""
        command = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        return "window id" in done.stdout

    def window_of(self, process: "subprocess.Popen[str]") -> str:
        """Return the id of the visible main window of a process, empty while there is none."""
        found = self.tool("search", "--onlyvisible", "--pid", str(process.pid), "--name", "resmem_gui$")
        return found.splitlines()[-1] if found else ""

    def title(self, window: str) -> str:
        """Return the title of a window."""
        return self.tool("getwindowname", window)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press, move in steps as a hand does, and let go."""
        self.tool("mousemove", str(start[0]), str(start[1]))
        self.tool("mousedown", "1")
        steps = 12
        for step in range(1, steps + 1):
            at = [round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True)]
            self.tool("mousemove", str(at[0]), str(at[1]))
            time.sleep(0.04)
        time.sleep(0.3)
        self.tool("mouseup", "1")

    def click(self, x: int, y: int) -> None:
        """Click with the left button."""
        self.tool("mousemove", str(x), str(y), "click", "1")

    def place_of(self, window: str) -> tuple[int, int, int, int]:
        """Return left, upper, width and height of a window's inside on the screen."""
        told = self._window_facts(window)
        keys = ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
        left, upper, width, height = (int(told.split(f"{key}:")[1].split()[0]) for key in keys)
        return left, upper, width, height

    def is_visible(self, window: str) -> bool:
        """Return whether a window is there and to be seen."""
        return "IsViewable" in self._window_facts(window)

    def _window_facts(self, window: str) -> str:
        command = ["xwininfo", "-id", window]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout

    def key(self, *keys: str) -> None:
        """Press keys, such as "ctrl+e", in the window that has the focus."""
        self.tool("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self.tool("type", "--delay", "15", text)

    def screenshot(self, path: Path) -> None:
        """Save what the screen shows."""
        command = ["import", "-display", self.display, "-window", "root", str(path)]
        subprocess.run(command, check=True, timeout=30)

    def screenshot_at_rest(self, path: Path, seconds: float = 30) -> None:
        """Save what the screen shows when two pictures of it in a row are the same, or after so long."""
        deadline, before = time.monotonic() + seconds, ""
        while True:
            self.screenshot(path)
            with Image.open(path) as picture:
                seen = hashlib.sha256(picture.convert("RGB").tobytes()).hexdigest()
            if seen == before or time.monotonic() > deadline:
                return
            before = seen
            time.sleep(0.2)

    @contextmanager
    def program(self, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
        """Run resmem_gui; it must have ended by itself by the end of the block, or it is killed."""
        with self._process([sys.executable, "-m", "resmem_gui", *arguments]) as process:
            yield process

    @contextmanager
    def drag_source(self, at: tuple[int, int], *paths: Path) -> Iterator["subprocess.Popen[str]"]:
        """Run the stand-in for a file manager."""
        place = [str(number) for number in at]
        command = [sys.executable, str(_DRAG_SOURCE), *place, *map(str, paths)]
        with self._process(command) as process:
            wait_until(
                lambda: bool(self.tool("search", "--onlyvisible", "--name", "^drag-source$")),
                20,
                "the drag source",
            )
            yield process

    @contextmanager
    def _process(self, command: list[str]) -> Iterator["subprocess.Popen[str]"]:
        with subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            try:
                yield process
            finally:
                process.kill()


@contextmanager
def desktop(home: Path, size: str = "1400x900") -> Iterator[Desktop]:
    """Start an X server on a free display, with a window manager."""
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write_end],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb did not start"
    made = Desktop(f":{number}", home)
    manager = subprocess.Popen(
        ["openbox"], env=made.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(made.has_window_manager, 20, "the window manager")
        yield made
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(timeout=10)
