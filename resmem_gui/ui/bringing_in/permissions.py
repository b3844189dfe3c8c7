"""Which machines images may be fetched from without asking again."""

from typing import Final

from PySide6.QtCore import QSettings

_KEY: Final = "network/hosts"


class HostPermissions:
    """The hosts that a person said "always" to. All others are asked about each time."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def hosts(self) -> list[str]:
        """Those hosts, in alphabetical order."""
        value = self._settings.value(_KEY)
        # An INI file does not tell a list of one from a text.
        hosts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return sorted({host for host in hosts if isinstance(host, str) and host})

    def is_allowed(self, host: str) -> bool:
        """Return whether a host need not be asked about."""
        return host in self.hosts

    def allow(self, host: str) -> None:
        """Never ask about a host again."""
        self._settings.setValue(_KEY, sorted({*self.hosts, host}))

    def forget(self) -> None:
        """Ask about all hosts again."""
        self._settings.remove(_KEY)
