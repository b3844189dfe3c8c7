"""What the status line says while no run is under way."""

from resmem_gui.library.library import Library
from resmem_gui.library.records import Status
from resmem_gui.ui import wording
from resmem_gui.ui.running.run_progress import RunProgress


def idle_progress(library: Library, shown: int, device: str, *, is_looking: bool) -> RunProgress:
    """Return what is in the library, counted.

    Args:
        library: Of the window.
        shown: How many images the filter leaves.
        device: Where the network runs, in words; empty before it is loaded.
        is_looking: Whether images are being looked for.
    """
    images = library.present_count
    if is_looking:
        return RunProgress(f"Looking for images: {images:,} so far", busy=True)
    if not images:
        return RunProgress("No images yet", device=device)
    failed, waiting = library.count(Status.FAILED), library.count(Status.WAITING)
    parts = [wording.count_text(images, "image"), f"{library.count(Status.SCORED):,} scored"]
    parts += [f"{failed:,} failed"] if failed else []
    parts += [f"{waiting:,} waiting"] if waiting else []
    missing = len(library.missing_ids())
    parts += [f"{missing:,} missing"] if missing else []
    parts += [f"{shown:,} shown"] if shown < images else []
    return RunProgress(" · ".join(parts), device=device)
