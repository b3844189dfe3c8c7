"""The inspector: everything about the image that is selected."""

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from resmem_gui.analysis import percentile_texts
from resmem_gui.analysis.ranking import at_floor
from resmem_gui.library.records import ImageRecord, Pick, Status, readable
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.ui import wording
from resmem_gui.ui.browsing.cautions_section import CautionsSection
from resmem_gui.ui.browsing.inspector_section import InspectorSection
from resmem_gui.ui.browsing.labels import breakable, larger, selectable_label, wrapped_label
from resmem_gui.ui.browsing.pair_text import pair_text
from resmem_gui.ui.browsing.picture_label import PictureLabel
from resmem_gui.ui.browsing.previews import Preview, PreviewWish
from resmem_gui.ui.marking.star_row import StarRow
from resmem_gui.ui.network_view.network_view import NetworkView, sentence
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.threads.background import Loader

#: The pair of pictures of what the network saw takes no more height than this, in pixels.
_SEEN_HEIGHT = 227
_HINT = "Select an image to see its score, its rank and what the network saw of it."


class Inspector(QScrollArea):
    """Describes the selected image: large preview, score, rank, percentile, cautions, what the network saw.

    Attributes:
        cautions: Lists why the score may not mean what it says.

    Signals:
        rated: A person gives an image stars (its id, 0 to 5).
    """

    rated = Signal(int, int)

    def __init__(self, model: ImageModel, previews: Loader, parent: QWidget | None = None) -> None:
        """Build it.

        Args:
            model: Whose images are described.
            previews: Loads a `Preview` for a `PreviewWish`.
            parent: Owner.
        """
        super().__init__(parent)
        self._model = model
        self._shown: int | None = None
        self._many: list[int] = []
        self._preprocessing = Preprocessing()
        self._preview_failed = False
        self._previews = previews
        self._previews.loaded.connect(self._take_preview)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(220)
        self._build()
        self.show_images([])
        model.dataChanged.connect(self._rows_changed)
        model.modelReset.connect(self._reset)

    def _build(self) -> None:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        self._picture = PictureLabel("Preview", QSize(200, 180), content)
        self._name = selectable_label(content)
        self._name.setFont(larger(self._name.font(), 1.0))
        self._score = QLabel(content)
        self._score.setFont(larger(self._score.font(), 1.9))
        self._percentile, self._rank = wrapped_label(content), wrapped_label(content)
        self._marks = self._made_marks(content)
        self._remark = wrapped_label(content)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(layout.spacing())
        self._all_sections: list[InspectorSection] = []
        self._seen_title = wrapped_label(content)
        self._seen = NetworkView(content, most_height=_SEEN_HEIGHT)
        self._dimensions, self._path = selectable_label(content), selectable_label(content)
        for widget in (self._picture, self._name, self._score, self._percentile, self._rank, self._marks):
            layout.addWidget(widget)
        layout.addWidget(self._remark)
        layout.addLayout(self._sections)
        for widget in (self._dimensions, self._path, self._seen_title, self._seen):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setWidget(content)
        self.cautions = CautionsSection(self._model.library, content)
        self.add_section(self.cautions)

    def _made_marks(self, parent: QWidget) -> QWidget:
        marks = QWidget(parent)
        self._stars, self._pick = StarRow(marks), QLabel(marks)
        self._stars.rated.connect(self._rate)
        layout = QHBoxLayout(marks)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stars)
        layout.addWidget(self._pick, 1)
        return marks

    def add_section(self, section: InspectorSection) -> None:
        """Put another section below those that there are: it describes whichever image is selected."""
        section.setParent(self.widget())
        self._all_sections.append(section)
        self._sections.addWidget(section)
        section.setVisible(False)
        self._refresh()

    @Slot(object)
    def show_images(self, image_ids: list[int]) -> None:
        """Describe the selected image, or say how many there are."""
        shown = image_ids[0] if len(image_ids) == 1 else None
        if shown is not None and shown == self._shown:
            return
        self._shown = shown
        self._preview_failed = False
        self._picture.clear_picture()
        self._seen.clear_pictures()
        if shown is None:
            self._previews.want([])
            self._show_many(image_ids)
        else:
            self._describe(self._model.library.record(shown))
            self._want_preview()

    @Slot(object)
    def set_preprocessing(self, preprocessing: Preprocessing) -> None:
        """Show the network's input as this recipe prepares it."""
        self._preprocessing = preprocessing
        self._want_preview()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room for the words below the picture."""
        super().resizeEvent(event)
        self._picture.set_height_limit(max(120, self.viewport().height() // 2))

    def _want_preview(self) -> None:
        if self._shown is not None:
            path = self._model.library.paths[self._shown]
            self._previews.want([PreviewWish(self._shown, path, self._preprocessing)])

    def _show_many(self, image_ids: list[int]) -> None:
        for widget in (self._picture, self._score, self._percentile, self._rank, self._name, self._marks):
            widget.hide()
        for widget in (self._dimensions, self._path, self._seen_title, self._seen, *self._all_sections):
            widget.hide()
        self._many = image_ids
        self._tell_many()
        self._remark.show()

    def _tell_many(self) -> None:
        """Say how many images are selected, and of two what their difference is worth."""
        text = f"{len(self._many):,} images are selected." if self._many else _HINT
        pair = pair_text(self._model, self._many) if len(self._many) == 2 else ""
        self._remark.setText(f"{text}\n\n{pair}" if pair else text)

    def _describe(self, record: ImageRecord) -> None:
        scored = record.score is not None
        self._dimensions.setVisible(bool(record.width))
        self._path.show()
        for widget in (self._picture, self._seen_title, self._seen):
            widget.setVisible(not self._preview_failed)
        for widget in (self._score, self._percentile, self._rank):
            widget.setVisible(scored)
        self._name.setText(breakable(record.name))
        self._name.show()
        self._marks.show()
        self._stars.show_rating(record.rating)
        self._pick.setText("" if record.pick is Pick.NONE else record.pick.word.capitalize())
        taken = wording.camera_time_text(float(self._model.library.taken[record.image_id]))
        size = f"{wording.dimensions_text(record.width, record.height)} pixels"
        self._dimensions.setText(f"{size}, taken {taken}" if taken else size)
        self._path.setText(breakable(readable(record.path)))
        if record.score is not None:
            self._describe_score(record.image_id, record.score)
        for section in self._all_sections:
            section.setVisible(section.describe(record))
        remark = self._remark_for(record)
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))

    def _describe_score(self, image_id: int, score: float) -> None:
        reference = self._model.reference_of(image_id)
        scored = self._model.library.count(Status.SCORED)
        self._score.setText(wording.score_text(score))
        self._score.setToolTip(f"Score {score:.4f}")
        percentile = self._model.standing.percentile(image_id)
        self._percentile.setText(wording.capital(percentile_texts.percentile_sentence(percentile, reference)))
        self._rank.setText(wording.rank_sentence(self._model.standing.rank(image_id), scored))

    @staticmethod
    def _remark_for(record: ImageRecord) -> str:
        if record.status is Status.FAILED:
            return f"Not scored. {record.error}"
        if record.score is None:
            return "Waiting for its score."
        return wording.FLOOR_SENTENCE if at_floor(record.score) else ""

    @Slot(int)
    def _rate(self, rating: int) -> None:
        if self._shown is not None:
            self.rated.emit(self._shown, rating)

    @Slot(QModelIndex, QModelIndex, list)
    def _rows_changed(self, first: QModelIndex, last: QModelIndex, roles: list[int]) -> None:
        """Tell what has become known: a score, or another rank because of other scores."""
        if self._shown is None and len(self._many) == 2:
            self._tell_many()
        row = None if self._shown is None else self._model.row_of(self._shown)
        only_pictures = list(roles) == [Qt.ItemDataRole.DecorationRole]
        if row is not None and first.row() <= row <= last.row() and not only_pictures:
            self._refresh()

    def _refresh(self) -> None:
        if self._shown is not None and self._model.row_of(self._shown) is not None:
            self._describe(self._model.library.record(self._shown))

    @Slot()
    def _reset(self) -> None:
        self.show_images([])

    @Slot(object, object)
    def _take_preview(self, wish: PreviewWish, result: Preview | Exception) -> None:
        if wish.image_id != self._shown or wish.preprocessing != self._preprocessing:
            return
        self._preview_failed = isinstance(result, Exception)
        self._refresh()
        if isinstance(result, Exception):
            return
        self._picture.set_picture(QPixmap.fromImage(result.picture))
        prepared = result.as_prepared
        self._seen.set_pictures(QPixmap.fromImage(prepared), QPixmap.fromImage(result.network_input))
        squeezed = sentence(prepared.width(), prepared.height())
        self._seen_title.setText(f"What the network saw. {squeezed}")
