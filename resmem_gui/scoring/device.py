"""Chooses where the network runs."""

import platform

import torch

from resmem_gui.scoring.scorer import DEVICES, ScorerError


def choose_device(wanted: str) -> torch.device:
    """Return the device for one of `DEVICES`; "auto" takes a GPU where there is one.

    Raises:
        ScorerError: This machine or this build of torch has no such device.
    """
    usable = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if wanted == "auto":
        return torch.device(next(name for name, there in usable.items() if there))
    if wanted not in usable:
        raise ScorerError(f"There is no device called “{wanted}”; choose one of {', '.join(DEVICES)}.")
    if not usable[wanted]:
        there = ", ".join(name for name, is_there in usable.items() if is_there)
        raise ScorerError(
            f"The device “{wanted}” cannot be used on this machine; usable here: auto, {there}."
        )
    return torch.device(wanted)


def label(device: torch.device) -> str:
    """Return a device in words for people."""
    match device.type:
        case "cuda":
            return torch.cuda.get_device_name(device)
        case "mps":
            return f"Apple GPU ({platform.machine()})"
        case _:
            threads = torch.get_num_threads()
            return f"CPU, {threads} thread{'s' if threads != 1 else ''}"
