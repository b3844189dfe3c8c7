"""The gaps in the GUI's event loop while images are listed, the network is loaded and images are scored.

    python -m tests.benchmarks.event_loop [--files N] [--seconds S]

A timer of 5 ms runs in the real window; whatever keeps the GUI thread away from its event loop makes a gap
between two ticks. A second thread notes what all threads do during gaps. It needs Python's lock for that:
where a gap is marked "lock", the notes stopped too, so another thread held the lock.
"""

import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Slot

from resmem_gui.scoring.scorer import Scorer, create_scorer
from resmem_gui.ui.application import create_application, create_window
from resmem_gui.ui.running.run import RunState
from tests.benchmarks.common import (
    ROOT,
    argument_parser,
    make_photographs,
    multiply,
    print_heading,
    print_table,
    remember_weights,
    surroundings,
)
from tests.benchmarks.probe import keep_settings_apart

_TICK_MS: Final = 5
_LONG_S: Final = 0.05
_SAMPLE_S: Final = 0.005
_SLACK_S: Final = 0.02
_SHOWN_GAPS: Final = 3
_SHOWN_STACKS: Final = 3
_IDLE_MS: Final = 2000
_SETTLE_MS: Final = 1000
_TIMEOUT_MS: Final = 180_000

_OPENING: Final = "opening the window"
_IDLE: Final = "idle, with an empty window"
_LISTING: Final = "listing the folder"
_LOADING: Final = "importing torch, loading the network"
_SCORING: Final = "scoring"

#: Functions in which idle threads wait: of Python's locks, of the thread pool.
_WITHOUT_WORK: Final = frozenset({"wait", "_worker"})

_Stack = tuple[str, ...]


@dataclass(slots=True)
class Gap:
    """The time between two ticks that lay far apart."""

    phase: str
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long it was."""
        return self.ended - self.began


@dataclass(frozen=True, slots=True)
class Sample:
    """What the threads did at a moment. `waited` is how long the sampling thread had to wait for its turn."""

    time: float
    waited: float
    stacks: dict[str, _Stack]


class Pulse(QObject):
    """Ticks in the GUI thread and measures the gaps, by phase."""

    def __init__(self) -> None:
        super().__init__()
        self.phase = ""
        self.seconds: dict[str, list[float]] = {}
        self.long_gaps: list[Gap] = []
        self.last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    def enter(self, phase: str) -> None:
        """Count gaps that begin from now on to another phase."""
        self._tick()
        self.phase = phase
        self._timer.start()

    def stop(self) -> None:
        """Count no more."""
        self._tick()
        self._timer.stop()

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        if self._timer.isActive():
            self.seconds.setdefault(self.phase, []).append(now - self.last)
            if now - self.last > _LONG_S:
                self.long_gaps.append(Gap(self.phase, self.last, now))
        self.last = now


@dataclass(slots=True)
class Sampler:
    """Notes what the threads do while the GUI thread does not tick."""

    pulse: Pulse
    samples: list[Sample] = field(default_factory=list)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, on a thread of its own."""
        self._thread = threading.Thread(target=self._work, name="sampler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def _work(self) -> None:
        before = time.perf_counter()
        while not self._stopped.wait(_SAMPLE_S):
            now = time.perf_counter()
            waited = now - before - _SAMPLE_S
            if now - self.pulse.last > _LONG_S / 2 or waited > _LONG_S / 2:
                self.samples.append(Sample(now, waited, _stacks()))
            before = now


def _stacks() -> dict[str, _Stack]:
    """Return what each thread does, except this one and those that wait for work.

    Nothing here may give up Python's lock (files, locks, printing) while it holds frames: a frame keeps its
    variables alive, and a QPainter that outlives its paintEvent, or ends on this thread, crashes Qt.
    """
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    this_one = threading.get_ident()
    walks = {ident: _walk(frame) for ident, frame in sys._current_frames().items() if ident != this_one}
    stacks = {names.get(ident, "Qt thread"): _short(walk) for ident, walk in walks.items()}
    return {name: stack for name, stack in stacks.items() if stack}


def _walk(frame: FrameType | None) -> list[tuple[CodeType, int]]:
    """Return code and line of a frame and its callers, the innermost first."""
    walk: list[tuple[CodeType, int]] = []
    while frame:
        walk.append((frame.f_code, frame.f_lineno))
        frame = frame.f_back
    return walk


def _short(walk: list[tuple[CodeType, int]]) -> _Stack:
    """Return the innermost frames, those of our own code before them; nothing for a thread without work."""
    innermost = walk[0][0]
    if innermost.co_name in _WITHOUT_WORK:
        return ()
    if innermost is _measure.__code__:
        return ("in Qt, or waiting for Python's lock",)
    ours = [step for step in walk[3:] if f"{ROOT}/resmem_gui" in step[0].co_filename][:2]
    return tuple(
        f"{_place(code.co_filename)}:{line} {code.co_name}" for code, line in reversed(walk[:3] + ours)
    )


def _place(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])


class Sequence(QObject):
    """Leads the window through the phases and closes it after the last."""

    def __init__(self, pulse: Pulse, folder: Path, seconds: float) -> None:
        super().__init__()
        self.is_complete = False
        self._pulse = pulse
        self._folder = folder
        self._scoring_ms = round(1000 * seconds)
        self._may_load = threading.Event()
        self._window, self._controller = create_window(self._create_scorer)
        self._controller.state_changed.connect(self._state_changed)
        self._controller._walks.ended.connect(self._listed)

    def begin(self) -> None:
        """Show the window, which is the first phase."""
        self._pulse.enter(_OPENING)
        self._window.show()
        QTimer.singleShot(_SETTLE_MS, self._idle)
        QTimer.singleShot(_TIMEOUT_MS, self._window.close)

    def end(self) -> bool:
        """End all threads; return whether they ended."""
        self._may_load.set()
        return self._controller.shut_down()

    def _create_scorer(self) -> Scorer:
        """Make the scorer, on its thread, but only after the listing: so that the phases do not overlap."""
        self._may_load.wait()
        return create_scorer()

    @Slot()
    def _idle(self) -> None:
        self._pulse.enter(_IDLE)
        QTimer.singleShot(_IDLE_MS, self._list)

    @Slot()
    def _list(self) -> None:
        self._pulse.enter(_LISTING)
        self._controller.add_paths([str(self._folder)])

    @Slot()
    def _listed(self) -> None:
        QTimer.singleShot(_SETTLE_MS, self._load)

    @Slot()
    def _load(self) -> None:
        self._pulse.enter(_LOADING)
        self._may_load.set()

    @Slot()
    def _state_changed(self) -> None:
        if self._pulse.phase == _LOADING and self._controller.state is RunState.SCORING:
            self._pulse.enter(_SCORING)
            QTimer.singleShot(self._scoring_ms, self._complete)

    @Slot()
    def _complete(self) -> None:
        self._pulse.stop()
        self.is_complete = True
        self._window.close()


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--files", type=int, default=3000, help="files in the folder (default: 3000)")
    parser.add_argument("--seconds", type=float, default=15.0, help="of scoring (default: 15)")
    options = parser.parse_args()
    with surroundings() as folder:
        print_heading(f"Gaps in the GUI's event loop, milliseconds, a folder of {options.files:,} images")
        remember_weights()
        multiply(make_photographs(folder / "photographs", 60), folder / "many", options.files)
        return _measure(folder / "many", options.seconds)


def _measure(folder: Path, seconds: float) -> int:
    application = create_application(["event_loop"])
    keep_settings_apart()
    pulse = Pulse()
    sampler = Sampler(pulse)
    sequence = Sequence(pulse, folder, seconds)
    sampler.start()
    sequence.begin()
    application.exec()
    sampler.stop()
    ended = sequence.end()
    _print_gaps(pulse)
    print_reasons(pulse.long_gaps, sampler.samples)
    if not sequence.is_complete:
        print(f"NOT COMPLETE: the phase “{pulse.phase}” did not end as it should")
    return 0 if ended and sequence.is_complete else 1


def _print_gaps(pulse: Pulse) -> None:
    rows = []
    for phase, gaps in pulse.seconds.items():
        percentiles = 1000 * np.percentile(gaps, (50, 99, 99.9, 100))
        long_ones = sum(gap > _LONG_S for gap in gaps)
        share = 100 * sum(gap for gap in gaps if gap > _LONG_S) / sum(gaps)
        cells = [f"{value:.1f}" for value in percentiles]
        rows.append([phase, f"{sum(gaps):.1f} s", *cells, str(long_ones), f"{share:.0f} %"])
    print_table(["phase", "lasted", "p50", "p99", "p99.9", "LONGEST", "over 50", "time in those"], rows)
    print(
        f"The limit: the timer's own {_TICK_MS} ms. A screen's picture lasts 16.7 ms; people notice 100 ms."
    )


def print_reasons(gaps: list[Gap], samples: list[Sample]) -> None:
    """Print what the threads did in the longest gaps of each phase."""
    for phase in dict.fromkeys(gap.phase for gap in gaps):
        longest = sorted((gap for gap in gaps if gap.phase == phase), key=lambda gap: -gap.seconds)
        print(f"\nThe longest gaps while {phase}:")
        for gap in longest[:_SHOWN_GAPS]:
            _print_reason(
                gap, [sample for sample in samples if gap.began < sample.time < gap.ended + _SLACK_S]
            )


def _print_reason(gap: Gap, samples: list[Sample]) -> None:
    """Print which stacks were seen most often during a gap."""
    locked = any(sample.waited > _LONG_S / 2 for sample in samples)
    print(f"  {1000 * gap.seconds:.0f} ms, {len(samples)} samples{', lock' if locked else ''}")
    seen = Counter((name, stack) for sample in samples for name, stack in sample.stacks.items())
    for (name, stack), count in seen.most_common(_SHOWN_STACKS):
        print(f"    {count} × {name}: {' > '.join(stack)}")


if __name__ == "__main__":
    sys.exit(main())
