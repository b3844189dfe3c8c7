"""Starts programs to be measured, and reads what they say."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from resmem_gui.bench.spread import Spread
from tests.benchmarks.common import ROOT
from tests.benchmarks.probe import START

_TIMEOUT_S = 180.0


@dataclass(frozen=True, slots=True)
class Course:
    """How a process went.

    Attributes:
        marks: Seconds from its start to each mark.
        end: Seconds from its start to its end.
        exit_code: What it ended with.
        torch_was_imported: Whether torch was there when the window became visible; None if not known.
        complaints: What it wrote to standard error.
    """

    marks: dict[str, float]
    end: float
    exit_code: int
    torch_was_imported: bool | None
    complaints: str

    def between(self, first: str, second: str) -> float:
        """Return the seconds between two marks; the first may be "start"."""
        return self.marks[second] - (0.0 if first == "start" else self.marks[first])


def run_module(name: str, *arguments: str) -> Course:
    """Run a module of this package in a fresh process; it prints its marks as a line of JSON."""
    start = time.perf_counter()
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, START: repr(start)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            output, complaints = process.communicate(timeout=_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            output, complaints = process.communicate()
        end = time.perf_counter() - start
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if not lines:
        sys.exit(f"{' '.join(command)} told nothing (exit code {process.returncode}):\n{complaints}")
    told = json.loads(lines[-1])
    return Course(told["marks"], end, process.returncode, told.get("torch_was_imported"), complaints)


def run_alternately(times: int, *calls: Sequence[str]) -> list[list[Course]]:
    """Run modules by turns, after a warm-up each, so that noise hits all alike; return the courses."""
    for call in calls:
        run_module(*call)
    courses: list[list[Course]] = [[] for _ in calls]
    for _ in range(times):
        for call, its_courses in zip(calls, courses, strict=True):
            its_courses.append(run_module(*call))
    return courses


def stage_rows(courses: Sequence[Course], stages: Sequence[tuple[str, str, str]]) -> list[list[str]]:
    """Return a table row a stage: what it is, and the spread of the seconds between its two marks."""
    return [
        [label, *Spread.of(course.between(first, second) for course in courses).cells()]
        for label, first, second in stages
    ]


def complain(courses: Sequence[Course]) -> int:
    """Print what went wrong in the processes; return the exit status for it."""
    for text in dict.fromkeys(course.complaints.strip() for course in courses if course.complaints.strip()):
        print(f"written to standard error:\n{text}")
    codes = sorted({course.exit_code for course in courses})
    if codes != [0]:
        print(f"EXIT CODES {codes}: 0 is right")
        return 1
    return 0
