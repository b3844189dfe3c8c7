"""The reference chosen last for the library, remembered from start to start."""

from typing import Final

from PySide6.QtCore import QSettings

from resmem_gui.analysis.references import UnknownReferenceError
from resmem_gui.ui.notice import Level, Notice
from resmem_gui.ui.rows.image_model import ImageModel

_KEY: Final = "references/library"


def remember_reference(settings: QSettings, reference_id: str) -> None:
    """Keep the id of the library's own reference for the next start."""
    settings.setValue(_KEY, reference_id)


def compare_as_last(model: ImageModel, settings: QSettings) -> Notice | None:
    """Compare a library with the reference that was chosen last.

    To be called before anyone follows the model: what is only remembered is no change of the library. An
    opened session brings a reference of its own.

    Args:
        model: Without images.
        settings: Where the choice is kept. One that no longer leads anywhere is forgotten.

    Returns:
        What to tell where the reference is not on this computer any more; LaMem takes its place.
    """
    reference_id = str(settings.value(_KEY) or "")
    if not reference_id:
        return None
    try:
        model.references.get(reference_id)
    except UnknownReferenceError as error:
        settings.remove(_KEY)
        return Notice("references", Level.WARNING, str(error))
    model.set_default_reference(reference_id)
    return None
