"""Other Python processes that run a script of a test, each from the same moment on."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path


def start(script: str, *arguments: object) -> "subprocess.Popen[str]":
    """Start a process whose script prints "ready", reads a line, and goes on when `let_go` writes one."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def let_go(processes: Iterable["subprocess.Popen[str]"]) -> None:
    """Let processes go on at the same time, as soon as all are ready."""
    processes = list(processes)
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


def run_together(script: str, *arguments: Iterable[object]) -> list[tuple[str, str]]:
    """Run a script in one process for each of the arguments, and return what each wrote, and its errors."""
    processes = [start(script, *each) for each in arguments]
    let_go(processes)
    return [process.communicate(timeout=60) for process in processes]
