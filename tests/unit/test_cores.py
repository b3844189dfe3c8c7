"""How the machine's cores are shared."""

import os
import sys
import threading

import pytest

from resmem_gui.scoring.cores import DECODING_PRIORITY, NETWORK_PRIORITY, give_way, usable_cores


def test_only_cores_that_may_be_used_count(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3, 5, 6}, raising=False)
    assert usable_cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores() == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only there a thread has a priority of its own")
def test_decoding_stands_behind_the_network_and_that_behind_the_window() -> None:
    seen: list[int] = []

    def work(priority: int) -> None:
        give_way(priority)
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    before = os.getpriority(os.PRIO_PROCESS, 0)
    for priority in (NETWORK_PRIORITY, DECODING_PRIORITY):
        thread = threading.Thread(target=work, args=(priority,))
        thread.start()
        thread.join()
    assert seen == [NETWORK_PRIORITY, DECODING_PRIORITY]
    assert before < NETWORK_PRIORITY < DECODING_PRIORITY
    assert os.getpriority(os.PRIO_PROCESS, threading.main_thread().native_id or 0) == before


def test_a_sandbox_that_forbids_it_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", forbid, raising=False)
    give_way(DECODING_PRIORITY)
