"""The rows of the store, with a checksum of all that each says: SQLite does not notice a flipped bit."""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from resmem_gui.library.records import Provenance
from resmem_gui.traits import Traits


class ChecksumError(ValueError):
    """A row is not what was written."""


@dataclass(frozen=True, slots=True)
class StoredScore:
    """The score of a file's content.

    Attributes:
        sha256: Of the file's bytes, hexadecimal.
        score: Memorability, 0 to 1.
        size: Width and height in pixels, after orientation.
        file_bytes: Length of the file.
        provenance: What produced the score.
    """

    sha256: str
    score: float
    size: tuple[int, int]
    file_bytes: int
    provenance: Provenance


def identity(provenance: Provenance) -> tuple[str, str, str]:
    """Return what makes scores comparable."""
    return provenance.scorer, provenance.weights_sha256, provenance.preprocessing


# Scores: sha256, bytes, score, width, height, device, checksum


def score_row(score: StoredScore) -> tuple[object, ...]:
    """Return a score as a row."""
    # float: a NumPy double is one too, but writes itself otherwise.
    content = (bytes.fromhex(score.sha256), score.file_bytes, float(score.score), *score.size)
    device = score.provenance.device
    return *content, device, _checksum((*content, *identity(score.provenance), device))


def score_of(row: Iterable[Any], made_by: Provenance) -> StoredScore:
    """Return what a row says.

    Raises:
        ChecksumError: It is not what was written.
    """
    *content, device, checksum = row
    _check((*content, *identity(made_by), device), checksum)
    sha256, file_bytes, score, width, height = content
    return StoredScore(sha256.hex(), score, (width, height), file_bytes, _on_device(made_by, device))


# Traits: sha256, version, faces, face_share, text_share, graphic, frames, fingerprint, checksum


def traits_row(sha256: str, version: int, traits: Traits) -> tuple[object, ...]:
    """Return traits as a row."""
    content = (
        bytes.fromhex(sha256),
        version,
        int(traits.faces),
        float(traits.face_share),
        float(traits.text_share),
        float(traits.graphic),
        int(traits.frames),
        bytes(traits.fingerprint),
    )
    return *content, _checksum(content)


def traits_of_row(row: Iterable[Any]) -> tuple[str, Traits]:
    """Return hash and traits that a row says.

    Raises:
        ChecksumError: It is not what was written.
    """
    *content, checksum = row
    _check(content, checksum)
    sha256, _version, faces, face_share, text_share, graphic, frames, fingerprint = content
    return sha256.hex(), Traits(faces, face_share, text_share, graphic, frames, fingerprint)


# Sensitivities: sha256, recipe, scores, checksum


def sensitivity_row(
    sha256: str, recipe: str, scores: Sequence[float], maker: tuple[str, str, str]
) -> tuple[object, ...]:
    """Return the scores of several framings as a row."""
    content = (bytes.fromhex(sha256), recipe, struct.pack(f"<{len(scores)}d", *map(float, scores)))
    return *content, _checksum((*content, *maker))


def sensitivity_of_row(row: Iterable[Any], made_by: Provenance) -> tuple[str, tuple[float, ...]]:
    """Return hash and scores that a row says.

    Raises:
        ChecksumError: It is not what was written.
    """
    *content, checksum = row
    _check((*content, *identity(made_by)), checksum)
    sha256, _recipe, scores = content
    return sha256.hex(), struct.unpack(f"<{len(scores) // 8}d", scores)


@lru_cache(maxsize=16)
def _on_device(made_by: Provenance, device: str) -> Provenance:
    """Return one object for all scores from a device: there may be 100,000 of them."""
    return replace(made_by, device=device)


def _checksum(content: Iterable[object]) -> int:
    return zlib.crc32(ascii(tuple(content)).encode("ascii"))


def _check(content: Iterable[object], checksum: int) -> None:
    if checksum != _checksum(content):
        raise ChecksumError
