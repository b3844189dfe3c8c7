"""The shortcuts as they are now: the defaults and a person's changes, remembered and applied at once."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtGui import QKeySequence

from resmem_gui.ui.shortcuts.reserved import native, reserved_reason
from resmem_gui.ui.window.actions import Actions

_GROUP: Final = "shortcuts"
#: Menus say of these what would be done next.
_PLAIN: Final = {"undo": "Undo", "redo": "Redo"}
_PORTABLE: Final = QKeySequence.SequenceFormat.PortableText


class Keymap(QObject):
    """Says which keys each action has, and changes them.

    A person's choice goes before a default: while one action has a key that a person gave it, no other has
    that key. No key ever does two things, for Qt would do neither.

    Signals:
        changed: Some shortcuts are others now.
    """

    changed = Signal()

    def __init__(self, actions: Actions, settings: QSettings, parent: QObject | None = None) -> None:
        """Apply what is remembered, also to actions that are added later.

        Args:
            actions: Whose shortcuts these are; their defaults are what they were added with.
            settings: Where changes are kept, under "shortcuts/<name of the action>".
            parent: Owner.
        """
        super().__init__(parent)
        self.actions = actions
        self._settings = settings
        self._chosen: dict[str, list[QKeySequence]] = {}
        for name in actions.names:
            self._remember_from_settings(name)
        self._apply()
        actions.added.connect(self._action_added)

    # What is

    def title(self, name: str) -> str:
        """Return what an action does, whatever it would do at the moment: "Undo", not "Undo Pick"."""
        return _PLAIN.get(name) or self.actions.title(name)

    def keys(self, name: str) -> list[QKeySequence]:
        """Return the shortcuts of an action, the one that is shown first."""
        return self.actions[name].shortcuts()

    def is_changed(self, name: str) -> bool:
        """Return whether an action has other shortcuts than it came with."""
        return self.keys(name) != self.actions.default_keys(name)

    @property
    def any_changed(self) -> bool:
        """Whether any action has other shortcuts than it came with."""
        return any(self.is_changed(name) for name in self.actions.names)

    def holder(self, key: QKeySequence) -> str | None:
        """Return the name of the action that has a key."""
        return next((name for name in self.actions.names if key in self.keys(name)), None)

    def conflicts(self) -> list[tuple[QKeySequence, list[str]]]:
        """Return keys that more than one action has, with their names: none, unless defaults collide."""
        holders: dict[QKeySequence, list[str]] = {}
        for name in self.actions.names:
            for key in self.keys(name):
                holders.setdefault(key, []).append(name)
        return [(key, names) for key, names in holders.items() if len(names) > 1]

    def refusal(self, key: QKeySequence) -> str:
        """Return why no action can have a key, as a sentence; empty if one can."""
        menu = self.actions.menu_keys().get(key)
        if menu is not None:
            return f"{native(key)} opens the menu {menu}. Press another key."
        return reserved_reason(key)

    # Changes

    def set_keys(self, name: str, keys: Sequence[QKeySequence]) -> None:
        """Give an action these shortcuts and no others, and take them from those that have them.

        Raises:
            ValueError: One of them is refused; the text is the sentence of `refusal`.
        """
        for key in keys:
            reason = self.refusal(key)
            if reason:
                raise ValueError(reason)
        self._take_from_others(name, keys)
        self._choose(name, list(dict.fromkeys(keys)))
        self._apply()
        self.changed.emit()

    def add_key(self, name: str, key: QKeySequence) -> None:
        """Give an action one more shortcut, likewise.

        Raises:
            ValueError: As `set_keys`.
        """
        self.set_keys(name, [*self.keys(name), key])

    def reset(self, name: str) -> None:
        """Give an action the shortcuts that it came with, and take them from those that have them."""
        self._take_from_others(name, self.actions.default_keys(name))
        self._forget(name)
        self._apply()
        self.changed.emit()

    def reset_all(self) -> None:
        """Give all actions the shortcuts that they came with."""
        for name in list(self._chosen):
            self._forget(name)
        self._settings.remove(_GROUP)  # also what actions had that are no longer there
        self._apply()
        self.changed.emit()

    def _take_from_others(self, name: str, keys: Sequence[QKeySequence]) -> None:
        for other, chosen in list(self._chosen.items()):
            if other != name and any(key in chosen for key in keys):
                self._choose(other, [key for key in chosen if key not in keys])

    # Kept

    def _choose(self, name: str, keys: list[QKeySequence]) -> None:
        if keys == self.actions.default_keys(name):
            self._forget(name)
            return
        self._chosen[name] = keys
        self._settings.setValue(f"{_GROUP}/{name}", QKeySequence.listToString(keys, _PORTABLE))

    def _forget(self, name: str) -> None:
        self._chosen.pop(name, None)
        self._settings.remove(f"{_GROUP}/{name}")

    def _remember_from_settings(self, name: str) -> None:
        """Take an action's keys from the settings; those that cannot be used are left out."""
        text = self._settings.value(f"{_GROUP}/{name}")
        if not isinstance(text, str):
            return
        named = [key for key in QKeySequence.listFromString(text, _PORTABLE) if not key.isEmpty()]
        usable = [key for key in named if not reserved_reason(key)]
        if usable or not named:  # nothing usable among some keys: the entry is damaged, and the default stays
            self._chosen[name] = usable

    @Slot(str)
    def _action_added(self, name: str) -> None:
        self._remember_from_settings(name)
        self._apply()

    def _apply(self) -> None:
        """Give each action its keys: first what was chosen, then defaults as far as they are free."""
        owner: dict[QKeySequence, str] = {}
        for name, keys in self._chosen.items():
            for key in keys:
                owner.setdefault(key, name)
        for name in self.actions.names:
            wanted = self._chosen.get(name, self.actions.default_keys(name))
            self.actions.set_keys(name, [key for key in wanted if owner.get(key, name) == name])
