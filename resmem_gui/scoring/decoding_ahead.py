"""Decodes images on a few threads, some ahead of the network."""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition
from typing import Generic, Protocol, TypeVar

from resmem_gui.scoring.cores import DECODING_PRIORITY, give_way


class _Request(Protocol):
    @property
    def image_id(self) -> int: ...


_R = TypeVar("_R", bound=_Request)
_P = TypeVar("_P")


class DecodingAhead(Generic[_R, _P]):
    """What waits to be decoded, and what is decoded or about to be.

    All methods are called on one thread, that of the network. Iterating gives the images that were begun, in
    their order: the request, and the future of what is made of it.
    """

    def __init__(
        self, prepare: Callable[[_R], _P], most: Callable[[], int], threads: int, thread_name: str
    ) -> None:
        """Begin with nothing to do; threads start when there is something to decode.

        Args:
            prepare: Decodes an image; runs on the decoding threads.
            most: Returns how many images may be begun and not yet taken.
            threads: How many of them.
            thread_name: How their names begin.
        """
        self._prepare = prepare
        self._most = most
        self._waiting: deque[_R] = deque()
        self._begun: deque[tuple[_R, Future[_P]]] = deque()
        self._changed = Condition()
        self._ended = 0
        self._pool = ThreadPoolExecutor(
            threads, thread_name_prefix=thread_name, initializer=give_way, initargs=(DECODING_PRIORITY,)
        )

    def __len__(self) -> int:
        """Return how many images wait or were begun."""
        return len(self._waiting) + len(self._begun)

    def __iter__(self) -> Iterator[tuple[_R, "Future[_P]"]]:
        """Return those that were begun."""
        return iter(self._begun)

    @property
    def requests(self) -> list[_R]:
        """All that wait or were begun, in their order."""
        return [*(request for request, _ in self._begun), *self._waiting]

    @property
    def current(self) -> _R | None:
        """The image that comes next, None when there is none."""
        if self._begun:
            return self._begun[0][0]
        return self._waiting[0] if self._waiting else None

    def add(self, requests: Iterable[_R]) -> None:
        """Let images wait behind the others; `begin` decodes them."""
        self._waiting.extend(requests)

    def begin(self) -> None:
        """Begin with as many as may be."""
        while self._waiting and len(self._begun) < self._most():
            request = self._waiting.popleft()
            future = self._pool.submit(self._prepare, request)
            self._begun.append((request, future))
            future.add_done_callback(self._note_end)

    def wait(self, wanted: int, patience: float) -> None:
        """Wait until so many images are decoded, or all that were begun, or so many seconds are over."""
        deadline = time.monotonic() + patience
        while True:
            ended = self._ended  # before counting: what ends meanwhile is counted twice, never not at all
            missing = min(wanted, len(self._begun)) - sum(future.done() for _, future in self._begun)
            left = deadline - time.monotonic()
            if missing <= 0 or left <= 0:
                return
            self._wait_for_ends(ended + missing, left)

    def _wait_for_ends(self, ends: int, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._ended >= ends, seconds)

    def _note_end(self, _: "Future[_P]") -> None:
        """Wake who waits when an image is decoded; runs on a decoding thread."""
        with self._changed:
            self._ended += 1
            self._changed.notify()

    def take(self, most: int) -> list[tuple[_R, "Future[_P]"]]:
        """Take out the first decoded images, leave the others in their order, and begin with more."""
        taken: list[tuple[_R, Future[_P]]] = []
        left: deque[tuple[_R, Future[_P]]] = deque()
        for entry in self._begun:
            (taken if len(taken) < most and entry[1].done() else left).append(entry)
        self._begun = left
        self.begin()
        return taken

    def put_back(self, entries: Sequence[tuple[_R, "Future[_P]"]]) -> None:
        """Let what was taken come next."""
        self._begun.extendleft(reversed(entries))

    def cancel(self) -> None:
        """Drop all. An image being decoded at this moment is finished and forgotten."""
        self._waiting.clear()
        for _, future in self._begun:
            future.cancel()
        self._begun.clear()

    def withdraw(self, image_ids: Collection[int]) -> None:
        """Drop some images."""
        self._waiting = deque(request for request in self._waiting if request.image_id not in image_ids)
        kept: deque[tuple[_R, Future[_P]]] = deque()
        for request, future in self._begun:
            if request.image_id in image_ids:
                future.cancel()
            else:
                kept.append((request, future))
        self._begun = kept

    def close(self) -> None:
        """Cancel, and end the threads as soon as the images in their hands are decoded."""
        self.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
