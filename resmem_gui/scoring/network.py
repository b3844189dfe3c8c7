"""ResMem's network: a whole ResNet-152 beside a small AlexNet, joined by fully connected layers.

Needell, C. D., & Bainbridge, W. A. (2022). Embracing new techniques in deep learning for estimating image
memorability. Computational Brain & Behavior, 5, 168-184.

He, K., Zhang, X., Ren, S., & Sun, J. (2016). Deep residual learning for image recognition. CVPR, 770-778.

The layers bear the names of the published weights. Batch normalisation and dropout are not there: the first
is folded into the convolutions when the weights are loaded, the second does nothing outside training.
"""

from collections.abc import Iterator
from typing import Final

import torch
from torch import Tensor, nn

from resmem_gui.scoring.layers import Convolution, FullyConnected
from resmem_gui.scoring.preprocessing import INPUT_EDGE

_LOCAL_FEATURES: Final = 9216
_RESNET_CLASSES: Final = 1000
#: ResNet-152's stages: blocks, channels inside a block, side of the maps, stride of the first block.
_STAGES: Final = ((3, 64, 57, 1), (8, 128, 29, 2), (36, 256, 15, 2), (3, 512, 8, 2))
#: A block puts out this many times the channels that it has inside.
_EXPANSION: Final = 4


class Bottleneck(nn.Module):
    """A block of three convolutions with a shortcut around them; the second one has the stride."""

    def __init__(self, inputs: int, channels: int, edge: int, stride: int, sees: int) -> None:
        super().__init__()
        outputs = channels * _EXPANSION
        self.conv1 = Convolution(inputs, channels, 1, sees=sees)
        self.conv2 = Convolution(channels, channels, 3, sees=sees, stride=stride, padding=1)
        self.conv3 = Convolution(channels, outputs, 1, sees=edge)
        self.downsample = (
            Convolution(inputs, outputs, 1, sees=sees, stride=stride) if inputs != outputs else None
        )

    def forward(self, maps: Tensor) -> Tensor:
        """Return the block's feature maps; the given ones may be overwritten."""
        shortcut = maps if self.downsample is None else self.downsample(maps, rectify=False)
        result: Tensor = self.conv3(self.conv2(self.conv1(maps)), shortcut)
        return result


class ResNet152(nn.Module):
    """ResNet-152 with its thousand classes, which ResMem takes for features."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = Convolution(3, 64, 7, sees=INPUT_EDGE, stride=2, padding=3)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        inputs, sees = 64, 57
        for number, (blocks, channels, edge, stride) in enumerate(_STAGES, start=1):
            outputs = channels * _EXPANSION
            first = Bottleneck(inputs, channels, edge, stride, sees)
            others = (Bottleneck(outputs, channels, edge, 1, edge) for _ in range(blocks - 1))
            self.add_module(f"layer{number}", nn.Sequential(first, *others))
            inputs, sees = outputs, edge
        self.fc = FullyConnected(inputs, _RESNET_CLASSES)

    def forward(self, images: Tensor) -> Tensor:
        """Return the features, shape (n, 1000)."""
        maps = self.maxpool(self.conv1(images))
        for number in range(1, len(_STAGES) + 1):
            maps = self.get_submodule(f"layer{number}")(maps)
        features: Tensor = self.fc(maps.mean((2, 3)), rectify=False)
        return features


class ResMemNetwork(nn.Module):
    """The whole network."""

    def __init__(self) -> None:
        super().__init__()
        self.features = ResNet152()

        self.conv1 = Convolution(3, 48, 11, sees=INPUT_EDGE, stride=4)
        self.conv2 = Convolution(48, 256, 5, sees=27, padding=2, groups=2)
        self.conv3 = Convolution(256, 384, 3, sees=13, padding=1, groups=2)
        self.conv4 = Convolution(384, 384, 3, sees=13, padding=1, groups=2)
        self.conv5 = Convolution(384, 256, 3, sees=13, padding=1, groups=2)
        self.pool = nn.MaxPool2d(kernel_size=3, stride=2)
        self.lrn = nn.LocalResponseNorm(5)

        self.fc6 = FullyConnected(_LOCAL_FEATURES + _RESNET_CLASSES, 4096)
        self.fc7 = FullyConnected(4096, 4096)
        self.fc8 = FullyConnected(4096, 2048)
        self.fc9 = FullyConnected(2048, 1024)
        self.fc10 = FullyConnected(1024, 512)
        self.fc11 = FullyConnected(512, 256)
        self.fc12 = FullyConnected(256, 1)

    def forward(self, images: Tensor) -> Tensor:
        """Return memorability, shape (n,), 0 to 1.

        Args:
            images: Shape (n, 3, 227, 227), float, 0 to 1.
        """
        joined = torch.cat((self._local_features(images), self.features(images)), dim=1)
        for layer in (self.fc6, self.fc7, self.fc8, self.fc9, self.fc10, self.fc11):
            joined = layer(joined)
        # flatten(), not squeeze(): a batch of one must stay a batch.
        return torch.sigmoid(self.fc12(joined, rectify=False)).flatten()

    def _local_features(self, images: Tensor) -> Tensor:
        """Return the features of the AlexNet branch, shape (n, 9216)."""
        maps = self._normalised(self.pool(self.conv1(images)))
        maps = self._normalised(self.pool(self.conv2(maps)))
        for layer in (self.conv3, self.conv4, self.conv5):
            maps = layer(maps)
        return torch.flatten(self.pool(maps), start_dim=1)

    def _normalised(self, maps: Tensor) -> Tensor:
        """Return the maps after local response normalisation, whose squares half precision cannot hold."""
        normalised: Tensor = self.lrn(maps.float())
        return normalised.to(maps.dtype)

    def layers(self) -> Iterator[tuple[str, Convolution | FullyConnected]]:
        """Yield the layers that have weights, with their names, in the order of the published file."""
        for name, module in self.named_modules():
            if isinstance(module, Convolution | FullyConnected):
                yield name, module
