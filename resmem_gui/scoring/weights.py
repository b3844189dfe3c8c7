"""Finds the weights of ResMem and makes sure that they are the right ones."""

import hashlib
import importlib.util
import json
import logging
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

from resmem_gui.scoring.scorer import ScorerError

#: Of `model.pt` in `resmem` 1.1.6.
RESMEM_SHA256: Final = "8e4b8ab0ac338909add68a674e9bd4c1602350731abe7f97bc060dc159706a53"
RESMEM_VERSION: Final = "1.1.6"

_log = logging.getLogger(__name__)


def find_weights() -> Path:
    """Return the file of weights inside the installed package `resmem`, without importing the package.

    Importing it would build a whole random ResNet-152 first.

    Raises:
        ScorerError: The package or its file is missing.
    """
    remedy = f"Install it with: pip install resmem=={RESMEM_VERSION}"
    spec = importlib.util.find_spec("resmem")
    if spec is None or not spec.submodule_search_locations:
        raise ScorerError(f"The package resmem, which brings the weights, is not installed. {remedy}")
    path = Path(spec.submodule_search_locations[0]) / "model.pt"
    if not path.is_file():
        raise ScorerError(f"The installed package resmem has no weights (model.pt). {remedy}")
    return path


def verify(path: Path, expected_sha256: str, *, memory: Path | None = None) -> None:
    """Make sure that a file of weights is the expected one.

    Hashing half a gigabyte takes a second, so a file found right is remembered by path, size and time of
    change, and not hashed again until one of them differs.

    Args:
        path: The file.
        expected_sha256: Hexadecimal.
        memory: Where to remember; a file in the user's cache folder by default.

    Raises:
        ScorerError: The file differs or cannot be read.
    """
    memory = memory or user_cache_path("resmem_gui") / "verified-weights.json"
    try:
        status = path.stat()
        identity = [str(path), status.st_size, status.st_mtime_ns, expected_sha256]
        if _recall(memory) == identity:
            return
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ScorerError(f"The weights could not be read ({path}): {error.strerror}.") from error
    if found != expected_sha256:
        raise ScorerError(
            f"The weights in {path} are damaged or of another release: their SHA-256 is {found[:12]}…, "
            f"expected {expected_sha256[:12]}…. Install them again with: "
            f"pip install --force-reinstall --no-deps resmem=={RESMEM_VERSION}"
        )
    _remember(memory, identity)


def _recall(memory: Path) -> object:
    try:
        return json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None  # never verified, or the note is damaged: the file is hashed


def _remember(memory: Path, identity: list[object]) -> None:
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(json.dumps(identity), encoding="utf-8")
    except OSError as error:
        _log.info("verified weights could not be remembered, they are hashed again next time: %s", error)
