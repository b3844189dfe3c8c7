"""The library of the window and all that shows it, changed together."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from resmem_gui.analysis.histogram import LiveHistogram
from resmem_gui.analysis.references import References
from resmem_gui.library.library import Library
from resmem_gui.library.opened_session import OpenedImage
from resmem_gui.library.records import Provenance, Status
from resmem_gui.library.restoring import restore_images
from resmem_gui.measuring import take_framings
from resmem_gui.outcomes import record_outcomes
from resmem_gui.scoring.pipeline import Outcome, Request, Scored
from resmem_gui.scoring.sensitivity import FramingOutcome
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.rows.kept_order import KeptOrder
from resmem_gui.ui.rows.thumbnails import EDGES, Thumbnails


class ShownLibrary(QObject):
    """Library, rows, order, thumbnails and histogram: who changes one changes what follows from it, too.

    Lives on the GUI thread, and knows nothing of runs: whoever changes it has images scored that wait then.

    Attributes:
        model: The library as rows.
        thumbnails: What rows look like.
        order: Keeps the rows sorted while scores come in.
        histogram: Of all scores in the library.

    Signals:
        scores_changed: Some images have another outcome, or scores came or went; the histogram follows.
    """

    scores_changed = Signal()

    def __init__(
        self,
        references: References,
        thumbnail_store: Path | None,
        give_way: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """Begin with an empty library.

        Args:
            references: What percentiles can be taken from.
            thumbnail_store: The file that thumbnails are kept in; None to keep them in memory only.
            give_way: Called often on other threads: waits while the window should go first.
            parent: Owner.
        """
        super().__init__(parent)
        self.thumbnails = Thumbnails(self, store=thumbnail_store, give_way=give_way)
        self.model = ImageModel(Library(), references.default, self.thumbnails, give_way, self, references)
        self.order = KeptOrder(self.model, self)
        self.histogram = LiveHistogram()

    @property
    def library(self) -> Library:
        """What is known about each image."""
        return self.model.library

    def requests(self, image_ids: Iterable[int]) -> list[Request]:
        """Return what asks for the scores of images."""
        paths = self.library.paths
        return [Request(image_id, paths[image_id]) for image_id in image_ids]

    def waiting_ids(self) -> list[int]:
        """Return the images that wait for a score and whose files are there."""
        waiting = self.library.with_status(Status.WAITING)
        ids: list[int] = waiting[~self.library.missing[waiting]].tolist()
        return ids

    def waiting_among(self, image_ids: Iterable[int]) -> list[int]:
        """Return those of some images that wait for a score, their files there or not."""
        ids = np.fromiter(image_ids, dtype=np.int64)
        waiting: list[int] = ids[self.library.statuses[ids] == Status.WAITING].tolist()
        return waiting

    # Images

    def remove(self, image_ids: Sequence[int]) -> None:
        """Take images out; their files stay."""
        self.model.remove(image_ids)
        self._count_anew()

    def restore_removed(self, image_ids: Sequence[int]) -> list[int]:
        """Take removed images in again; return the ids of those that came back."""
        restored = self.model.restore(image_ids)
        self._count_anew()
        return restored

    def clear(self) -> None:
        """Take all images out for good; their files stay."""
        self.model.clear()
        self._count_anew()

    def take_opened(self, images: Sequence[OpenedImage]) -> list[int]:
        """Add images of a session with what is known of them; return those that wait and are there."""
        ids = self.model.add([opened.image.path for opened in images])
        waiting = restore_images(self.library, ids, images)
        self.model.images_changed(ids)
        self.order.tell_ranks_soon()
        self.histogram.add(self.library.scores[ids])
        self.scores_changed.emit()
        return waiting

    def relink(self, paths: Mapping[int, str]) -> list[int]:
        """Give missing images, by id, the paths of their files now; return the ids of those that got one."""
        relinked = self.library.relink(paths)
        self.thumbnails.forget(relinked)
        self.model.images_changed(relinked)
        self.order.images_came()
        return relinked

    def mark_missing(self, image_ids: Sequence[int], *, missing: bool) -> None:
        """Note that files are not there, or there again."""
        self.library.set_missing(image_ids, missing=missing)
        self.model.images_changed(image_ids)
        self.model.filter_again()

    # Scores

    def take_outcomes(self, outcomes: Sequence[Outcome], made_by: Provenance) -> None:
        """Note outcomes, and show them soon."""
        scored = [outcome for outcome in outcomes if isinstance(outcome, Scored)]
        self._take_thumbnails(scored)
        record_outcomes(self.library, outcomes, made_by)
        self.model.images_changed([outcome.request.image_id for outcome in outcomes])
        self.histogram.add([outcome.score for outcome in scored])
        self.order.scores_came()
        self.scores_changed.emit()

    def _take_thumbnails(self, scored: Sequence[Scored]) -> None:
        edge = EDGES[0]
        for image in scored:
            if image.thumbnail is not None:
                self.thumbnails.offer(image.request.image_id, image.thumbnail, edge)
        self.thumbnails.keep(
            [
                (image.request.path, image.state, edge, image.thumbnail)
                for image in scored
                if image.thumbnail is not None and image.is_settled
            ]
        )

    def take_framings(self, outcomes: Sequence[FramingOutcome]) -> None:
        """Note sensitivities, and show them."""
        self.model.images_changed(take_framings(self.library, outcomes))

    def forget_outcomes(self, image_ids: Collection[int]) -> None:
        """Make images wait for another score."""
        self.library.set_waiting(image_ids)
        self.model.images_changed(list(image_ids))
        self.model.tell_ranks()
        self._count_anew()

    def _count_anew(self) -> None:
        self.histogram.clear()
        self.histogram.add(self.library.present_scores())
        self.scores_changed.emit()
