"""What all tests share: no screen, no settings of the person at the machine, and no leaks."""

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# A shared machine may stop for longer than an example is given; each test has its own limit.
hypothesis.settings.register_profile("shared machine", deadline=None)
hypothesis.settings.load_profile("shared machine")

# Before Qt and platformdirs are first asked: both remember the answer.
_HOME = tempfile.TemporaryDirectory(prefix="resmem-gui-tests-", ignore_cleanup_errors=True)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HOME"] = _HOME.name
for _kind in ("CONFIG", "CACHE", "DATA", "STATE"):
    os.environ[f"XDG_{_kind}_HOME"] = str(Path(_HOME.name) / _kind.lower())


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """The home folder of the tests, gone when they are over."""
    yield Path(_HOME.name)
    _HOME.cleanup()


def pytest_unconfigure() -> None:
    """Let Python take down at its end what it was told to leave alone: torch complains otherwise."""
    gc.unfreeze()
