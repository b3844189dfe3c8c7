"""Asks whether images may be fetched from a host."""

from enum import Enum
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from resmem_gui.ui import wording
from resmem_gui.ui.bringing_in.addresses import Address

#: The end of a long name is what says who owns it.
_MOST_LETTERS: Final = 60
_MOST_LETTERS_ON_BUTTON: Final = 32


class Answer(Enum):
    """What may be done."""

    NO = "no"
    ONCE = "once"
    ALWAYS = "always"


class HostQuestion(QMessageBox):
    """A question beside the window, which goes on meanwhile. Closing it means no, and so does Enter.

    Signals:
        answered: The `Answer`, once.
    """

    answered = Signal(object)

    def __init__(self, host: str, addresses: list[Address], sent_by: str, parent: QWidget) -> None:
        """Make it; `show` asks.

        Args:
            host: The machine.
            addresses: The images that are wanted from it.
            sent_by: The host that has sent on to this one; empty if a person has named it.
            parent: The window.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setIcon(QMessageBox.Icon.Question)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWindowTitle("Fetch from the Network")
        self._host = host
        self._sent_by = sent_by
        self._is_answered = False
        self._once = self.addButton("&Fetch Once", QMessageBox.ButtonRole.AcceptRole)
        always = f"&Always from {_ending(host, _MOST_LETTERS_ON_BUTTON)}"
        self._always = self.addButton(always, QMessageBox.ButtonRole.AcceptRole)
        refuse = self.addButton("&Don’t Fetch", QMessageBox.ButtonRole.RejectRole)
        # It comes up while a person may be typing something else.
        self.setDefaultButton(refuse)
        self.setEscapeButton(refuse)
        self.buttonClicked.connect(self._choose)
        self.rejected.connect(self._refuse)
        self.tell_addresses(addresses)

    def tell_addresses(self, addresses: list[Address]) -> None:
        """Say what is wanted."""
        host = _ending(self._host, _MOST_LETTERS)
        count = wording.count_text(len(addresses), "image")
        sender = f"{_ending(self._sent_by, _MOST_LETTERS)} sends on to {host}.\n" if self._sent_by else ""
        self.setText(f"{sender}Fetch {count} from {host}?")
        self.setInformativeText(f"The program contacts {host}; nothing is sent but the request.")

    @Slot(QAbstractButton)
    def _choose(self, button: QAbstractButton) -> None:
        answers = {self._once: Answer.ONCE, self._always: Answer.ALWAYS}
        self._answer(next((answer for key, answer in answers.items() if key is button), Answer.NO))

    @Slot()
    def _refuse(self) -> None:
        self._answer(Answer.NO)

    def _answer(self, answer: Answer) -> None:
        if not self._is_answered:
            self._is_answered = True
            self.answered.emit(answer)


def _ending(host: str, most: int) -> str:
    return host if len(host) <= most else f"…{host[1 - most :]}"
