# SPDX-License-Identifier: MIT
"""The vision tower in PyTorch, with the tensors of a weights file of ours."""

import sys

# Not needed by the PIL processor, and builds of it that miss their own libraries break the import of transformers.
sys.modules["torchvision"] = None

import torch
from safetensors.torch import load_file
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection


def load(path):
    """A `CLIPVisionModelWithProjection` in single precision, with transformers' default attention."""
    tensors = {name: tensor.float() for name, tensor in load_file(path).items() if name.startswith("vis")}
    model = CLIPVisionModelWithProjection(CLIPVisionConfig(projection_dim=512)).eval()
    expected = set(model.state_dict())
    renamed = {n if n in expected else n.removeprefix("vision_model."): t for n, t in tensors.items()}
    missing, unexpected = model.load_state_dict(renamed, strict=False)
    if unexpected or any("position_ids" not in name for name in missing):
        raise SystemExit(f"{path}: missing {missing}, unexpected {unexpected}")
    return model


class ImageEmbeddings(torch.nn.Module):
    """The tower with one input, pixels [n, 3, 224, 224], and one output, embeddings [n, 512]."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pixels):
        return self.model(pixel_values=pixels).image_embeds
