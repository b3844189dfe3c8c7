"""Carries the images of an opened session into the library."""

from collections.abc import Sequence

from resmem_gui.library.library import Library
from resmem_gui.library.opened_session import OpenedImage
from resmem_gui.library.records import Status
from resmem_gui.library.session import SessionImage


def restore_images(library: Library, image_ids: Sequence[int], images: Sequence[OpenedImage]) -> list[int]:
    """Note what is known of a session's images; return the ids of those that wait and are there.

    Args:
        library: That has them already, without an outcome.
        image_ids: One an image.
        images: Of the session.
    """
    waiting = []
    for image_id, opened in zip(image_ids, images, strict=True):
        image = opened.image
        if image.status is Status.SCORED and image.score is not None and image.provenance is not None:
            size = (image.width, image.height)
            library.set_scored(image_id, image.score, size, image.sha256, image.provenance, image.state)
        elif image.status is Status.FAILED:
            library.set_failed(image_id, image.error)
        elif not opened.missing:
            waiting.append(image_id)
        _restore_marks(library, image_id, image)
    missing = [image_id for image_id, opened in zip(image_ids, images, strict=True) if opened.missing]
    library.set_missing(missing, missing=True)
    return waiting


def _restore_marks(library: Library, image_id: int, image: SessionImage) -> None:
    """Note what does not depend on whether a score holds still."""
    library.ratings[image_id], library.picks[image_id] = image.rating, image.pick
    if image.taken is not None:
        library.taken[image_id], library.headers_read[image_id] = image.taken, True
    # Also where it is the library's own: the folder may have another by now.
    library.set_reference(image_id, image.reference)
    if image.sensitivity is not None:
        library.set_sensitivity(image_id, image.sensitivity)
    if image.extra:
        library.set_unknown_fields(image_id, image.extra)
