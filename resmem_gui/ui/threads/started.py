"""Starts a thread for a worker."""

from PySide6.QtCore import QObject, QThread


def started_thread(name: str, worker: QObject, parent: QObject) -> QThread:
    """Return a running thread, owned by `parent`, that a worker has been moved to."""
    thread = QThread(parent)
    thread.setObjectName(name)
    worker.moveToThread(thread)
    thread.start()
    return thread
