"""The inspector: everything about the image that is selected."""

from PySide6.QtCore import QEvent, QModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from resmem_gui.analysis.ranking import at_floor
from resmem_gui.library.records import ImageRecord, Pick, Status, readable
from resmem_gui.scoring.preprocessing import INPUT_EDGE, Preprocessing
from resmem_gui.ui import wording
from resmem_gui.ui.browsing.previews import Preview, PreviewWish
from resmem_gui.ui.marking.star_row import StarRow
from resmem_gui.ui.rows.image_model import ImageModel
from resmem_gui.ui.threads.background import Loader

_HINT = "Select an image to see its score, its rank and what the network saw of it."


class Inspector(QScrollArea):
    """Describes the selected image: large preview, score, rank, percentile in words, what the network saw.

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
        self._name = _selectable_label(content)
        self._name.setFont(_larger(self._name.font(), 1.0))
        self._score = QLabel(content)
        self._score.setFont(_larger(self._score.font(), 1.9))
        self._percentile, self._rank = _wrapped_label(content), _wrapped_label(content)
        self._stars, self._pick = StarRow(content), QLabel(content)
        self._stars.rated.connect(self._rate)
        marks = QWidget(content)
        marks_layout = QHBoxLayout(marks)
        marks_layout.setContentsMargins(0, 0, 0, 0)
        marks_layout.addWidget(self._stars)
        marks_layout.addWidget(self._pick, 1)
        self._marks = marks
        self._remark = _wrapped_label(content)
        self._seen_title = _wrapped_label(content)
        self._seen = PictureLabel("What the network saw", QSize(120, 120), content)
        self._dimensions, self._path = _selectable_label(content), _selectable_label(content)
        for widget in (self._picture, self._name, self._score, self._percentile, self._rank, marks):
            layout.addWidget(widget)
        layout.addWidget(self._remark)
        for widget in (self._dimensions, self._path, self._seen_title, self._seen):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setWidget(content)

    def show_images(self, image_ids: list[int]) -> None:
        """Describe the selected image, or say how many there are."""
        shown = image_ids[0] if len(image_ids) == 1 else None
        if shown is not None and shown == self._shown:
            return
        self._shown = shown
        self._preview_failed = False
        self._picture.clear_picture()
        self._seen.clear_picture()
        if shown is None:
            self._previews.want([])
            self._show_many(image_ids)
        else:
            self._describe(self._model.library.record(shown))
            self._want_preview()

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
        for widget in (self._dimensions, self._path, self._seen_title, self._seen):
            widget.hide()
        self._remark.setText(f"{len(image_ids):,} images are selected." if image_ids else _HINT)
        self._remark.show()

    def _describe(self, record: ImageRecord) -> None:
        scored = record.score is not None
        self._dimensions.setVisible(bool(record.width))
        self._path.show()
        for widget in (self._picture, self._seen_title, self._seen):
            widget.setVisible(not self._preview_failed)
        for widget in (self._score, self._percentile, self._rank):
            widget.setVisible(scored)
        self._name.setText(_breakable(record.name))
        self._name.show()
        self._marks.show()
        self._stars.show_rating(record.rating)
        self._pick.setText("" if record.pick is Pick.NONE else record.pick.word.capitalize())
        taken = wording.camera_time_text(float(self._model.library.taken[record.image_id]))
        size = f"{wording.dimensions_text(record.width, record.height)} pixels"
        self._dimensions.setText(f"{size}, taken {taken}" if taken else size)
        self._path.setText(_breakable(readable(record.path)))
        self._seen_title.setText(
            f"What the network saw: the image squashed to a square, of that the middle "
            f"{INPUT_EDGE} × {INPUT_EDGE} pixels"
        )
        if record.score is not None:
            self._describe_score(record.image_id, record.score)
        remark = self._remark_for(record)
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))

    def _describe_score(self, image_id: int, score: float) -> None:
        reference = self._model.reference
        scored = self._model.library.count(Status.SCORED)
        self._score.setText(wording.score_text(score))
        self._score.setToolTip(f"Score {score:.4f}")
        self._percentile.setText(
            wording.percentile_sentence(self._model.standing.percentile(image_id), reference)
        )
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
        self._seen.set_picture(QPixmap.fromImage(result.network_input))


class PictureLabel(QWidget):
    """Shows a picture as large as its width allows, whole, never larger than it is."""

    def __init__(self, name: str, minimum: QSize, parent: QWidget) -> None:
        """Make an empty frame of at least this size; `name` is for screen readers."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._minimum = minimum
        self._height_limit = 10_000
        self._pixmap: QPixmap | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_picture(self, pixmap: QPixmap) -> None:
        """Show a picture."""
        self._pixmap = pixmap
        self.updateGeometry()
        self.update()

    def clear_picture(self) -> None:
        """Show an empty frame."""
        self._pixmap = None
        self.updateGeometry()
        self.update()

    @property
    def picture(self) -> QPixmap | None:
        """What is shown, None for an empty frame."""
        return self._pixmap

    def set_height_limit(self, limit: int) -> None:
        """Take no more height than this."""
        self._height_limit = limit
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Return True: the height follows from the picture's shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that the picture takes at this width."""
        if self._pixmap is None:
            return self._minimum.height()
        scale = min(1.0, width / self._pixmap.width())
        return max(24, min(self._height_limit, round(self._pixmap.height() * scale)))

    def sizeHint(self) -> QSize:
        """Return a usual size."""
        width = self._minimum.width()
        return QSize(width, self.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the picture, or its empty frame."""
        painter = QPainter(self)
        if self._pixmap is None:
            ground = QColor(self.palette().color(QPalette.ColorRole.Text))
            ground.setAlpha(16)
            painter.fillRect(self.rect(), ground)
        else:
            self._draw(painter, self._pixmap)
        painter.end()

    def _draw(self, painter: QPainter, pixmap: QPixmap) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = pixmap.size()
        if size.width() > self.width() or size.height() > self.height():
            size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(0, 0, size.width(), size.height())
        target.moveLeft((self.width() - size.width()) // 2)
        painter.drawPixmap(target, pixmap)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        self.update()


def _wrapped_label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)  # a file may be called <b>
    return label


def _selectable_label(parent: QWidget) -> QLabel:
    label = _wrapped_label(parent)
    flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    label.setTextInteractionFlags(flags)
    policy = label.sizePolicy()  # keep that its height follows from its width
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)
    return label


def _breakable(path: str) -> str:
    """Return a path that a label may break after each separator and hyphen."""
    return "".join(f"{letter}\u200b" if letter in "/\\_-." else letter for letter in path)


def _larger(font: QFont, factor: float) -> QFont:
    """Return a bold font, larger by a factor."""
    larger = QFont(font)
    larger.setPointSizeF(font.pointSizeF() * factor)
    larger.setBold(True)
    return larger
