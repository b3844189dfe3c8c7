"""The two layers that ResMem is made of, in two builds: for every device, and packed for x86 processors."""

import platform
from typing import Any, Final, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

#: The batch for which weights are packed. oneDNN arranges them alike for all batches of two or more images.
_USUAL_BATCH: Final = 4
_NO_DILATION: Final = [1, 1]


class Convolution(nn.Module):
    """A convolution, and what follows it at once: bias, an addend (a residual network's shortcut), ReLU."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        edge: int,
        *,
        sees: int,
        stride: int = 1,
        padding: int = 0,
        groups: int = 1,
    ) -> None:
        """Make the layer.

        Args:
            inputs: Channels that come in.
            outputs: Channels that go out.
            edge: Side of the kernel.
            sees: Side of the maps that it is given; it works with others too, more slowly.
            stride: Steps of the kernel.
            padding: Zeros on each side.
            groups: Parts that know nothing of each other.
        """
        super().__init__()
        self.weight: Tensor = nn.Parameter(torch.empty(outputs, inputs // groups, edge, edge))
        self.bias: Tensor = nn.Parameter(torch.empty(outputs))
        self.stride, self.padding, self.groups = [stride] * 2, [padding] * 2, groups
        self.usual_shape = [_USUAL_BATCH, inputs, sees, sees]

    def forward(self, images: Tensor, addend: Tensor | None = None, *, rectify: bool = True) -> Tensor:
        """Return the feature maps, shape (n, outputs, height, width). The addend may be overwritten."""
        maps = functional.conv2d(
            images, self.weight, self.bias, self.stride, self.padding, groups=self.groups
        )
        if addend is not None:
            maps += addend
        return maps.relu_() if rectify else maps


class FullyConnected(nn.Module):
    """A fully connected layer, with ReLU where wanted."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight: Tensor = nn.Parameter(torch.empty(outputs, inputs))
        self.bias: Tensor = nn.Parameter(torch.empty(outputs))

    def forward(self, features: Tensor, *, rectify: bool = True) -> Tensor:
        """Return the features, shape (n, outputs)."""
        result = functional.linear(features, self.weight, self.bias)
        return result.relu_() if rectify else result


Layer = Convolution | FullyConnected


class Build(Protocol):
    """Builds a layer around its weights. These may lie in a mapped file, so they are copied."""

    def __call__(self, layer: Layer, weight: Tensor, bias: Tensor) -> nn.Module:
        """Return the layer.

        Args:
            layer: Its geometry; its own tensors are not looked at.
            weight: Float32, arranged as PyTorch writes weights.
            bias: Float32.
        """


class PlainBuild:
    """Builds layers for any device."""

    def __init__(self, device: torch.device, dtype: torch.dtype, memory_format: torch.memory_format) -> None:
        self._device = device
        self._dtype = dtype
        self._memory_format = memory_format

    def __call__(self, layer: Layer, weight: Tensor, bias: Tensor) -> nn.Module:
        """See `Build`."""
        wanted = self._memory_format if isinstance(layer, Convolution) else torch.contiguous_format
        there = weight.to(self._device, self._dtype, copy=True).contiguous(memory_format=wanted)
        layer.weight = nn.Parameter(there, requires_grad=False)
        layer.bias = nn.Parameter(bias.to(self._device, self._dtype, copy=True), requires_grad=False)
        return layer


def build_packed(layer: Layer, weight: Tensor, bias: Tensor) -> nn.Module:
    """Build a layer for the CPU that does all its work in one pass; see `Build` and `can_pack`.

    Its weights lie as oneDNN wants to read them for two or more images. For a single one they would be
    arranged anew each time, which takes longer than a second image.
    """
    if isinstance(layer, Convolution):
        return _PackedConvolution(layer, weight, bias)
    return _PackedFullyConnected(weight, bias)


def can_pack() -> bool:
    """Tell whether packed layers work with this processor and this release of torch.

    Their operators are those that `torch.compile` puts in place of such layers. They are not among PyTorch's
    documented ones, so they are tried before they are relied on.
    """
    if platform.machine().lower() not in {"x86_64", "amd64"} or not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    images = torch.linspace(-1.0, 1.0, 2 * 16 * 9 * 9).reshape(2, 16, 9, 9)
    images = images.contiguous(memory_format=torch.channels_last)
    features = images[:, :, 4, 4].contiguous()
    with torch.inference_mode():
        try:
            return _agrees(Convolution(16, 16, 3, padding=1, sees=9), images, images) and _agrees(
                FullyConnected(16, 16), features
            )
        except (RuntimeError, AttributeError, TypeError):  # also NotImplementedError
            return False  # the plain layers do the same, only slower


def _agrees(layer: Layer, given: Tensor, *addend: Tensor) -> bool:
    """Tell whether a layer gives the same results packed as plain."""
    layer.weight = nn.Parameter(torch.linspace(-0.2, 0.3, layer.weight.numel()).view_as(layer.weight))
    layer.bias = nn.Parameter(torch.linspace(-0.1, 0.1, len(layer.bias)))
    packed = build_packed(layer, layer.weight, layer.bias)
    expected = layer(given, *addend)
    return torch.allclose(packed(given, *(one.clone() for one in addend)), expected, atol=1e-4)


class _PackedConvolution(nn.Module):
    def __init__(self, layer: Convolution, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self._bias = bias.clone()
        self._geometry = (layer.padding, layer.stride, _NO_DILATION, layer.groups)
        arrange: Any = torch._C._nn.mkldnn_reorder_conv2d_weight  # noqa: SLF001 - see can_pack
        self._weight: Tensor = arrange(weight.to_mkldnn(), *self._geometry, layer.usual_shape)

    def forward(self, images: Tensor, addend: Tensor | None = None, *, rectify: bool = True) -> Tensor:
        operators = torch.ops.mkldnn
        after = "relu" if rectify else "none"
        if addend is None:
            maps: Tensor = operators._convolution_pointwise(  # noqa: SLF001
                images, self._weight, self._bias, *self._geometry, after, [], ""
            )
            return maps
        sums: Tensor = operators._convolution_pointwise_.binary(
            addend, images, self._weight, self._bias, *self._geometry, "add", 1.0, after, [], ""
        )
        return sums


class _PackedFullyConnected(nn.Module):
    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self._bias = bias.clone()
        self._weight: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight, _USUAL_BATCH)  # noqa: SLF001

    def forward(self, features: Tensor, *, rectify: bool = True) -> Tensor:
        after = "relu" if rectify else "none"
        result: Tensor = torch.ops.mkldnn._linear_pointwise(  # noqa: SLF001
            features, self._weight, self._bias, after, [], ""
        )
        return result
