"""Arguments that several commands share."""

import argparse
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from resmem_gui.export.path_texts import for_terminal
from resmem_gui.scoring.preprocessing import FAST_DECODING_ERROR
from resmem_gui.scoring.scorer import DEVICES
from resmem_gui.terminal import ScoringOptions


class SafeParser(argparse.ArgumentParser):
    """A parser whose complaints cannot steer a terminal: a shell may fill in names of files."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call, and exit with 2."""
        super().error(for_terminal(message))


if TYPE_CHECKING:
    #: Where a command adds its parser; argparse has no public name for it.
    Parsers: TypeAlias = argparse._SubParsersAction[SafeParser]  # noqa: SLF001
else:
    Parsers = object


def add_scoring(parser: argparse.ArgumentParser) -> None:
    """Add how images are found and scored; `scoring_options` reads it."""
    add_device(parser)
    add_batch_size(parser)
    parser.add_argument(
        "--recursive",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether to look into subfolders (default: --recursive)",
    )
    parser.add_argument(
        "--as-stored",
        dest="upright",
        action="store_false",
        help="ignore the EXIF orientation, as the package resmem does (default: turn images upright)",
    )
    parser.add_argument(
        "--fast-decoding",
        action="store_true",
        help="decode large JPEG files at a reduced scale, in half the time; changes their scores "
        f"{FAST_DECODING_ERROR} (default: in full, which is exact)",
    )
    parser.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        help="score every image, and leave the store of scores alone (default: what was scored before, "
        "here or in the window, is not scored again)",
    )
    add_quiet(parser)


def scoring_options(options: argparse.Namespace, store: Path, *, cautions: bool = False) -> ScoringOptions:
    """Return what `add_scoring` asked for.

    Args:
        options: As they were parsed.
        store: The file that scores are kept in, unless they shall not be.
        cautions: Whether pixels are looked at for cautions.
    """
    return ScoringOptions(
        device=options.device,
        batch_size=options.batch_size,
        recursive=options.recursive,
        upright=options.upright,
        fast_decoding=options.fast_decoding,
        quiet=options.quiet,
        store=store if options.cache else None,
        cautions=cautions,
    )


def add_device(parser: argparse.ArgumentParser) -> None:
    """Add where the network runs, as `device`."""
    parser.add_argument(
        "--device",
        choices=DEVICES,
        default="auto",
        help="where the network runs (default: auto, a GPU where there is one)",
    )


def add_batch_size(parser: argparse.ArgumentParser) -> None:
    """Add how many images go through the network at once, as `batch_size`."""
    parser.add_argument(
        "--batch-size",
        type=positive,
        metavar="N",
        help="how many images go through the network at once (default: what suits the device)",
    )


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Add whether nothing is said but what matters, as `quiet`."""
    parser.add_argument("--quiet", "-q", action="store_true", help="show no progress bar")


def paragraphs(text: str) -> str:
    """Return a text of a help page, its paragraphs as wide as the narrowest terminals."""
    parts = (part.replace("\n", " ").strip() for part in text.split("\n\n"))
    return "\n\n".join(textwrap.fill(part, 79, break_on_hyphens=False) for part in parts)


def named(text: str) -> str:
    """Return a path, for an argument's `type`: an empty one would stand for the folder one is in.

    Raises:
        ArgumentTypeError: It is empty.
    """
    if not text:
        raise argparse.ArgumentTypeError("an empty name was given; name a file or a folder")
    return text


def positive(text: str) -> int:
    """Return a whole number from 1, for an argument's `type`.

    Raises:
        ArgumentTypeError: It is none.
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number, 1 or more")
    return int(text)
