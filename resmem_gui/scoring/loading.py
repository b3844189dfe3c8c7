"""From the published file of weights to a network that is ready to score."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

from resmem_gui.scoring.layers import Build, Convolution, PlainBuild, build_packed, can_pack
from resmem_gui.scoring.network import ResMemNetwork

#: After so much has been read, the file is mapped anew and its pages leave this process's memory: loading
#: holds one copy of the weights and a little of the file, never two copies.
_MAPPED_BYTES: Final = 96 * 2**20
_NORM_EPSILON: Final = 1e-5


def load_network(weights: Path, device: torch.device) -> ResMemNetwork:
    """Return the network with the published weights, ready for inference on `device`.

    Batch normalisation is folded into the convolutions before it: the same function to about 1e-6. An x86
    processor gets packed layers, an NVIDIA GPU half precision and channels last.
    """
    with torch.device("meta"):
        network = ResMemNetwork().eval()
    with torch.inference_mode():
        _fill(network, weights, _build_for(device))
    return network


def precision(device: torch.device) -> torch.dtype:
    """Return the type of numbers in which the network computes on a device."""
    return torch.float16 if device.type == "cuda" else torch.float32


def _build_for(device: torch.device) -> Build:
    if device.type == "cpu" and can_pack():
        return build_packed
    # Apple's GPUs are left with the arrangement that all of their operators know.
    last = torch.contiguous_format if device.type == "mps" else torch.channels_last
    return PlainBuild(device, precision(device), last)


def _fill(network: ResMemNetwork, weights: Path, build: Build) -> None:
    """Put a built layer in the place of each layer without memory."""
    state = _mapped(weights)
    read = 0
    for name, layer in list(network.layers()):
        if read > _MAPPED_BYTES:
            state, read = _mapped(weights), 0
        weight, bias = _published(state, name, is_convolution=isinstance(layer, Convolution))
        parent, _, own_name = name.rpartition(".")
        setattr(network.get_submodule(parent), own_name, build(layer, weight, bias))
        read += weight.nbytes


def _mapped(weights: Path) -> dict[str, Tensor]:
    state: dict[str, Tensor] = torch.load(weights, map_location="cpu", mmap=True, weights_only=True)
    return state


def _published(state: Mapping[str, Tensor], name: str, *, is_convolution: bool) -> tuple[Tensor, Tensor]:
    """Return a layer's weight and bias; ResNet's convolutions have the normalisation after them folded in."""
    if not (is_convolution and name.startswith("features.")):
        return state[f"{name}.weight"], state[f"{name}.bias"]
    norm = name.replace("conv", "bn")
    if name.endswith("downsample"):
        name, norm = f"{name}.0", f"{name}.1"
    folded: tuple[nn.Parameter, nn.Parameter] = fuse_conv_bn_weights(
        state[f"{name}.weight"],
        None,
        state[f"{norm}.running_mean"],
        state[f"{norm}.running_var"],
        _NORM_EPSILON,
        state[f"{norm}.weight"],
        state[f"{norm}.bias"],
    )
    return folded[0].detach(), folded[1].detach()
