"""Fetches images from other machines, from each host only after a person has said yes to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from resmem_gui.ui import wording
from resmem_gui.ui.bringing_in.addresses import (
    Address,
    FetchError,
    data_in,
    is_data_address,
    parse_address,
)
from resmem_gui.ui.bringing_in.host_question import Answer, HostQuestion
from resmem_gui.ui.bringing_in.permissions import HostPermissions
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.threads.background import Jobs

if TYPE_CHECKING:
    from resmem_gui.ui.bringing_in.downloads import Download

_PROGRESS: Final = "fetching"
_RESULT: Final = "fetched"
#: What is there sooner needs no words; and a notice that is replaced more often cannot be clicked.
_FIRST_WORD_MS: Final = 500
_NEXT_WORD_MS: Final = 1000


@dataclass
class _Wish:
    """Images from a host that nobody has answered for yet.

    Attributes:
        host: Whose permission it takes.
        addresses: The images.
        allowed: Other hosts that these images may come by.
        sent_by: The host that has sent on to this one; empty if a person has named it.
    """

    host: str
    addresses: list[Address]
    allowed: frozenset[str]
    sent_by: str = ""


class Fetching(QObject):
    """Asks about one host at a time and fetches one image at a time. Lives on the GUI thread.

    Signals:
        fetched: The path of an image that was fetched.
        notice: Something to tell (`Notice`).
        notice_over: A notice that no longer holds (its key).
        busy_changed: Whether something is asked or fetched may be otherwise now.
    """

    fetched = Signal(str)
    notice = Signal(object)
    notice_over = Signal(str)
    busy_changed = Signal()

    def __init__(self, folder: Path, permissions: HostPermissions, window: QWidget, parent: QObject) -> None:
        """Start the thread; nothing is contacted before `fetch` and a yes.

        Args:
            folder: Where images are put.
            permissions: The hosts that need not be asked about.
            window: What questions belong to.
            parent: Owner.
        """
        super().__init__(parent)
        self._folder = folder
        self._permissions = permissions
        self._window = window
        self._jobs = Jobs(self)
        self._wishes: list[_Wish] = []
        self._question: HostQuestion | None = None
        self._under_way: list[Download | str] = []
        self._all = 0
        self._problems: list[str] = []
        self._tell_later = QTimer(self)
        self._tell_later.setSingleShot(True)
        self._tell_later.timeout.connect(self._tell_progress)

    @property
    def is_busy(self) -> bool:
        """Whether something is being asked or fetched."""
        return bool(self._wishes or self._under_way)

    @property
    def has_ended(self) -> bool:
        """Whether the thread has ended, after `stop`."""
        return self._jobs.has_ended

    def fetch(self, texts: Iterable[str]) -> None:
        """Fetch images by their addresses (`http:`, `https:`, `data:`); ask first where that is needed."""
        by_host: dict[str, list[Address]] = {}
        for text in texts:
            if is_data_address(text):
                self._submit(text)
            elif address := parse_address(text):
                by_host.setdefault(address.host, []).append(address)
        for host, addresses in by_host.items():
            self._want(_Wish(host, addresses, frozenset()))
        self.busy_changed.emit()

    def cancel(self) -> None:
        """Ask and fetch nothing more; what has come stays."""
        left = len(self._under_way)
        for download in self._under_way:
            if not isinstance(download, str):
                download.cancel()
        self._wishes.clear()
        self._close_question()
        self._under_way.clear()
        self._tell_end()
        if left:
            text = f"Cancelled. {wording.count_text(left, 'image')} not fetched."
            self.notice.emit(Notice(_RESULT, Level.INFO, text))

    def stop(self) -> None:
        """End the thread as soon as its image lets it."""
        for download in self._under_way:
            if not isinstance(download, str):
                download.cancel()
        self._under_way.clear()
        self._wishes.clear()
        self._close_question()
        self._tell_later.stop()
        self._jobs.stop()

    # Questions

    def _want(self, wish: _Wish) -> None:
        """Fetch what is allowed; ask about anything else."""
        if self._permissions.is_allowed(wish.host) or wish.host in wish.allowed:
            self._grant(wish)
            return
        same = [other for other in self._wishes if (other.host, other.allowed) == (wish.host, wish.allowed)]
        if not same:
            self._wishes.append(wish)
        else:
            same[0].addresses += wish.addresses
            if same[0] is self._wishes[0] and self._question is not None:
                self._question.tell_addresses(same[0].addresses)
        self._ask_next()

    def _ask_next(self) -> None:
        if self._question is None and self._wishes:
            wish = self._wishes[0]
            self._question = HostQuestion(wish.host, wish.addresses, wish.sent_by, self._window)
            self._question.answered.connect(self._take_answer)
            self._question.show()

    @Slot(object)
    def _take_answer(self, answer: Answer) -> None:
        if not self._wishes:  # cancelled
            return
        wish = self._wishes.pop(0)
        self._question = None
        if answer is Answer.ALWAYS:
            self._permissions.allow(wish.host)
        if answer is not Answer.NO:
            self._grant(wish)
        allowed = [other for other in self._wishes if self._permissions.is_allowed(other.host)]
        for other in allowed:
            self._wishes.remove(other)
            self._grant(other)
        self._ask_next()
        self._tell_end()

    def _close_question(self) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.close()

    # Downloads

    def _grant(self, wish: _Wish) -> None:
        # Encryption and mail headers come with it: not before they are needed, for the sake of the start.
        from resmem_gui.ui.bringing_in.downloads import Download

        allowed = {wish.host, *wish.allowed, *self._permissions.hosts}
        for address in wish.addresses:
            self._submit(Download(address, self._folder, allowed))

    def _submit(self, wanted: "Download | str") -> None:
        self._under_way.append(wanted)
        self._all += 1
        if not self._tell_later.isActive():
            self._tell_later.start(_FIRST_WORD_MS)
        folder = self._folder
        self._jobs.submit(
            (lambda: _keep_data(wanted, folder)) if isinstance(wanted, str) else wanted.run,
            lambda result: self._take(wanted, result),
            lambda error: self._fail(wanted, error),
        )

    def _take(self, wanted: "Download | str", result: str | Address | None) -> None:
        if isinstance(result, str):
            self.fetched.emit(result)  # also if it was cancelled a moment too late
        if not self._is_over(wanted):
            return
        if isinstance(result, Address) and not isinstance(wanted, str):
            self._all -= 1
            self._want(_Wish(result.host, [result], wanted.allowed, wanted.address.host))
        self._tell_end()

    def _fail(self, wanted: "Download | str", error: Exception) -> None:
        if not self._is_over(wanted):
            return
        self._problems.append(
            str(error) if isinstance(error, FetchError) else f"It could not be kept: {error}."
        )
        self._tell_end()

    def _is_over(self, wanted: "Download | str") -> bool:
        """Note that a download has ended; return whether anybody still cares."""
        place = next((number for number, other in enumerate(self._under_way) if other is wanted), None)
        if place is None:
            return False
        del self._under_way[place]
        return True

    # What is told

    @Slot()
    def _tell_progress(self) -> None:
        if not self._under_way:
            return
        number = self._all - len(self._under_way) + 1
        what = "an image" if self._all == 1 else f"image {number:,} of {self._all:,}"
        text = f"Fetching {what}{_progress_of(self._under_way[0])}"
        self.notice.emit(Notice(_PROGRESS, Level.INFO, text, "Cancel", self.cancel))
        self._tell_later.start(_NEXT_WORD_MS)

    def _tell_end(self) -> None:
        """Say what came of it, when all is over."""
        if not self._under_way:
            problems, count = self._problems, self._all
            self._problems, self._all = [], 0
            self._tell_later.stop()
            self.notice_over.emit(_PROGRESS)
            if problems:
                self.notice.emit(Notice(_RESULT, Level.WARNING, _summary(problems, count)))
        self.busy_changed.emit()


def _keep_data(text: str, folder: Path) -> str:
    """Write what an address carries in itself as a file; return its path."""
    from resmem_gui.ui.bringing_in.downloads import Unfinished

    try:
        content = data_in(text)
    except ValueError as error:
        raise FetchError("The image in this address is damaged.") from error
    with Unfinished(folder) as unfinished:
        unfinished.file.write(content)
        return unfinished.keep("")


def _progress_of(wanted: "Download | str") -> str:
    if isinstance(wanted, str):  # it comes from nowhere
        return ""
    amount = f": {wording.bytes_text(wanted.received)}" if wanted.received else ""
    of_all = f" of {wording.bytes_text(wanted.length)}" if amount and wanted.length else ""
    return f" from {wanted.address.host}{amount}{of_all}"


def _summary(problems: list[str], count: int) -> str:
    if count == 1:
        return problems[0]
    different = list(dict.fromkeys(problems))
    more = f" (and {wording.count_text(len(different) - 1, 'other reason')})" if different[1:] else ""
    images = wording.count_text(count, "image")
    return f"{len(problems):,} of {images} could not be fetched. {different[0]}{more}"
