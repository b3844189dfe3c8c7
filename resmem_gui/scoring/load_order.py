"""The one place that knows in which order torch and Qt must be loaded."""

import sys


def import_torch_before_qt() -> None:
    """Import torch now where Qt's libraries would break torch's if they came first: on Windows.

    To be called before anything of Qt is imported (pytorch/pytorch#166628). Elsewhere torch is imported by
    the scoring thread, after the window is visible.
    """
    if sys.platform == "win32":
        import torch  # noqa: F401 - loading its DLLs is what is wanted
