"""Brings in whatever is dropped, pasted or opened: each kind goes the way that ends with files of images."""

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from resmem_gui.images.clean_names import clean_name
from resmem_gui.library.records import readable
from resmem_gui.ui import wording
from resmem_gui.ui.bringing_in.contents import Contents, contents_of, is_container
from resmem_gui.ui.bringing_in.fetching import Fetching
from resmem_gui.ui.bringing_in.incoming import Incoming, keep_picture
from resmem_gui.ui.bringing_in.permissions import HostPermissions
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.sessions.session_commands import ENDING
from resmem_gui.ui.threads.background import Jobs

_log = logging.getLogger(__name__)

_UNPACKING: Final = "unpacking"
#: An archive that is unpacked within this time needs no words; and no notice is replaced more often.
_TELL_S: Final = 1.0


@dataclass(eq=False)
class _Arrival:
    """Files that came together, some of them lists or archives.

    Attributes:
        session: The session among them; empty if there is none. It is opened when all else is known.
        paths: What is to be added beside it.
        left: How many lists and archives have not been read.
        cancelled: Set when nobody wants them any more.
    """

    session: str
    paths: list[str]
    left: int
    cancelled: threading.Event = field(default_factory=threading.Event)


class BringIn(QObject):
    """Sorts what comes in, and turns all of it into paths. Lives on the GUI thread.

    Files and folders are handed on as they are. Lists and archives are read on a thread of their own,
    pictures are kept by the window's jobs, and addresses are fetched by `Fetching`, after a question.

    Signals:
        notice: Something to tell (`Notice`).
        notice_over: A notice that no longer holds (its key).
        busy_changed: `is_busy` may be another.
    """

    notice = Signal(object)
    notice_over = Signal(str)
    busy_changed = Signal()

    _told = Signal(str, int, int)

    def __init__(
        self,
        add_paths: Callable[[Sequence[str]], None],
        open_session: Callable[[str, Sequence[str]], None],
        jobs: Jobs,
        settings: QSettings,
        folder: Path,
        give_way: Callable[[], None],
        window: QWidget,
    ) -> None:
        """Start the threads.

        Args:
            add_paths: Takes files and folders.
            open_session: Opens a session, and adds files and folders when that is done.
            jobs: What must not be dropped when the window closes: pasted pictures.
            settings: Where the hosts are kept that need not be asked about.
            folder: The program's own, for pictures, fetched images and unpacked archives.
            give_way: Called often by the threads: waits while the window should go first.
            window: What questions belong to; the owner.
        """
        super().__init__(window)
        self._add_paths = add_paths
        self._open_session = open_session
        self._jobs = jobs
        self._folder = folder
        self._give_way = give_way
        self._readers = Jobs(self)
        self._arrivals: list[_Arrival] = []
        self.permissions = HostPermissions(settings)
        self._fetching = Fetching(folder / "fetched", self.permissions, window, self)
        self._fetching.fetched.connect(self._add_one)
        self._fetching.notice.connect(self.notice)
        self._fetching.notice_over.connect(self.notice_over)
        self._fetching.busy_changed.connect(self.busy_changed)
        self._told.connect(self._tell_unpacking)

    @property
    def is_busy(self) -> bool:
        """Whether lists or archives are being read, or images asked about or fetched."""
        return bool(self._arrivals) or self._fetching.is_busy

    @property
    def has_ended(self) -> bool:
        """Whether the threads have ended, after `stop`."""
        return self._readers.has_ended and self._fetching.has_ended

    def take(self, incoming: Incoming, where: str = "on the clipboard") -> None:
        """Bring in what was dropped or pasted, and say what cannot be.

        Args:
            incoming: What came.
            where: Where it was, for the sentence that says that nothing is there.
        """
        if incoming.picture is not None:
            self._keep(incoming.picture, incoming.name)
        elif incoming.is_empty:
            self._say(Level.INFO, f"There are no files and no picture {where}.")
        elif incoming.strange and not incoming.addresses and not incoming.paths:
            shown = readable(incoming.strange[0])[:80]
            self._say(
                Level.WARNING,
                f"This address leads to no file: {shown}. Save the image first, then drop the file.",
            )
        self._fetching.fetch(incoming.addresses)
        self.take_paths(incoming.paths)

    def take_paths(self, paths: Sequence[str]) -> None:
        """Bring in files and folders; a session among them is opened in place of what is there."""
        sessions = [path for path in paths if path.lower().endswith(ENDING)]
        session = sessions[0] if sessions else ""
        containers = [path for path in paths if is_container(path)]
        plain = [path for path in paths if path not in sessions and not is_container(path)]
        if not containers:
            self._hand_on(session, plain)
            return
        if not session:
            self._hand_on("", plain)
        arrival = _Arrival(session, plain if session else [], len(containers))
        self._arrivals.append(arrival)
        for path in containers:
            self._readers.submit(
                partial(self._read, path, arrival),
                partial(self._take_contents, arrival, path),
                partial(self._fail, arrival, path),
            )
        self.busy_changed.emit()

    def forget_hosts(self) -> None:
        """Ask about all hosts again."""
        count = len(self.permissions.hosts)
        self.permissions.forget()
        self._say(
            Level.INFO,
            f"{wording.count_text(count, 'host')} forgotten: the program asks before it fetches anything."
            if count
            else "There is no host that images are fetched from without a question.",
        )

    @Slot()
    def cancel(self) -> None:
        """Read, ask and fetch nothing more; what was added stays."""
        self._cancel_reading()
        if self._fetching.is_busy:
            self._fetching.cancel()

    def stop(self) -> None:
        """End the threads as soon as what they hold lets them."""
        for arrival in self._arrivals:
            arrival.cancelled.set()
        self._readers.stop()
        self._fetching.stop()

    # Lists and archives

    def _read(self, path: str, arrival: _Arrival) -> Contents | None:
        """Read a list or an archive, on the thread for that."""
        told = time.monotonic()

        def tell(done: int, count: int) -> None:
            nonlocal told
            if time.monotonic() - told > _TELL_S:
                told = time.monotonic()
                self._told.emit(path, done, count)

        return contents_of(path, self._folder / "unpacked", arrival.cancelled.is_set, self._give_way, tell)

    def _take_contents(self, arrival: _Arrival, path: str, contents: Contents | None) -> None:
        if contents is not None and not arrival.cancelled.is_set():
            if contents.problem:
                self._say(Level.WARNING, contents.problem, path)
            if arrival.session:
                arrival.paths += contents.paths
            else:
                self._hand_on("", contents.paths)
        self._note_read(arrival)

    def _fail(self, arrival: _Arrival, path: str, error: Exception) -> None:
        _log.warning("a list or an archive could not be read", exc_info=error)
        self._say(Level.ERROR, f"{readable(os.path.basename(path))} could not be read: {error}.", path)
        self._note_read(arrival)

    def _note_read(self, arrival: _Arrival) -> None:
        arrival.left -= 1
        if arrival.left or arrival not in self._arrivals:
            return
        self._arrivals.remove(arrival)
        self.notice_over.emit(_UNPACKING)
        if arrival.session:
            self._hand_on(arrival.session, arrival.paths)
        self.busy_changed.emit()

    @Slot(str, int, int)
    def _tell_unpacking(self, path: str, done: int, count: int) -> None:
        if self._arrivals:
            name = readable(os.path.basename(path))
            text = f"Unpacking {name}: {done:,} of {wording.count_text(count, 'image')}"
            self.notice.emit(Notice(_UNPACKING, Level.INFO, text, "Cancel", self._cancel_reading))

    @Slot()
    def _cancel_reading(self) -> None:
        for arrival in self._arrivals:
            arrival.cancelled.set()
        if self._arrivals:
            self._arrivals.clear()
            self.notice_over.emit(_UNPACKING)
            self._say(Level.INFO, "Cancelled. Nothing of what was not yet read was added.")
            self.busy_changed.emit()

    # Files and pictures

    def _hand_on(self, session: str, paths: Sequence[str]) -> None:
        if session:
            self._open_session(session, paths)
        elif paths:
            self._add_paths(paths)

    @Slot(str)
    def _add_one(self, path: str) -> None:
        self._add_paths([path])

    def _keep(self, picture: QImage, name: str) -> None:
        """Keep a picture that is in no file as a PNG of the program's own, then add it like any other."""
        stem = clean_name(os.path.splitext(name)[0], "") or time.strftime("Pasted %Y-%m-%d %H.%M.%S")
        self._jobs.submit(
            lambda: keep_picture(picture, self._folder / "pasted", stem), self._add_one, self._keeping_failed
        )

    def _keeping_failed(self, error: Exception) -> None:
        self._say(Level.ERROR, f"The pasted picture could not be kept: {error}.")

    def _say(self, level: Level, text: str, path: str = "") -> None:
        """Tell something; what is told of one file does not take the place of what is told of another."""
        self.notice.emit(Notice(f"incoming {path}".rstrip(), level, text))
