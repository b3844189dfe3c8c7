"""ResMem's network: a whole ResNet-152 beside a small AlexNet, joined by fully connected layers.

Needell, C. D., & Bainbridge, W. A. (2022). Embracing new techniques in deep learning for estimating image
memorability. Computational Brain & Behavior, 5, 168-184.
"""

from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torchvision.models.resnet import Bottleneck, ResNet, resnet152

_LOCAL_FEATURES: Final = 9216


class ResMemNetwork(nn.Module):
    """The network with the parameter names of the published weights.

    The published network also has three dropout layers; they do nothing outside training and are left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features: ResNet = resnet152(weights=None)

        self.conv1 = nn.Conv2d(3, 48, kernel_size=11, stride=4)
        self.conv2 = nn.Conv2d(48, 256, kernel_size=5, padding=2, groups=2)
        self.conv3 = nn.Conv2d(256, 384, kernel_size=3, padding=1, groups=2)
        self.conv4 = nn.Conv2d(384, 384, kernel_size=3, padding=1, groups=2)
        self.conv5 = nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=2)
        self.pool = nn.MaxPool2d(kernel_size=3, stride=2)
        self.lrn = nn.LocalResponseNorm(5)

        self.fc6 = nn.Linear(_LOCAL_FEATURES + self.features.fc.out_features, 4096)
        self.fc7 = nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, 2048)
        self.fc9 = nn.Linear(2048, 1024)
        self.fc10 = nn.Linear(1024, 512)
        self.fc11 = nn.Linear(512, 256)
        self.fc12 = nn.Linear(256, 1)

    def forward(self, images: Tensor) -> Tensor:
        """Return memorability, shape (n,), 0 to 1.

        Args:
            images: Shape (n, 3, 227, 227), float, 0 to 1.
        """
        joined = torch.cat((self._local_features(images), self.features(images)), dim=1)
        for layer in (self.fc6, self.fc7, self.fc8, self.fc9, self.fc10, self.fc11):
            joined = functional.relu(layer(joined))
        # flatten(), not squeeze(): a batch of one must stay a batch.
        return torch.sigmoid(self.fc12(joined)).flatten()

    def _local_features(self, images: Tensor) -> Tensor:
        """Return the features of the AlexNet branch, shape (n, 9216)."""
        maps = self.lrn(self.pool(functional.relu(self.conv1(images))))
        maps = self.lrn(self.pool(functional.relu(self.conv2(maps))))
        for layer in (self.conv3, self.conv4, self.conv5):
            maps = functional.relu(layer(maps))
        return torch.flatten(self.pool(maps), start_dim=1)


def load_network(weights: Path, device: torch.device) -> ResMemNetwork:
    """Return the network with the published weights, ready for inference on `device`.

    The file is mapped, not read, and the network is built without memory of its own, so loading holds one
    copy of the weights. Batch normalisation is folded into the convolutions of the ResNet, and these take
    their images channels last: the same function to about 1e-6, and much faster on a CPU.
    """
    state = torch.load(weights, map_location="cpu", mmap=True, weights_only=True)
    with torch.device("meta"):
        network = ResMemNetwork()
    network.load_state_dict(state, strict=True, assign=True)
    network.requires_grad_(requires_grad=False).eval()
    _fold_batch_norms(network.features)
    network.features.to(memory_format=torch.channels_last)
    return network.to(device)


def _fold_batch_norms(resnet: ResNet) -> None:
    """Replace each convolution and the batch normalisation after it by one convolution, in place."""
    _fold(resnet, "conv1", "bn1")
    for stage in (resnet.layer1, resnet.layer2, resnet.layer3, resnet.layer4):
        for block in stage:
            assert isinstance(block, Bottleneck)
            for number in (1, 2, 3):
                _fold(block, f"conv{number}", f"bn{number}")
            if block.downsample is not None:
                _fold(block.downsample, "0", "1")


def _fold(parent: nn.Module, convolution: str, norm: str) -> None:
    before, after = parent.get_submodule(convolution), parent.get_submodule(norm)
    assert isinstance(before, nn.Conv2d)
    assert isinstance(after, nn.BatchNorm2d)
    folded = fuse_conv_bn_eval(before, after)
    setattr(parent, convolution, folded)
    setattr(parent, norm, nn.Identity())
