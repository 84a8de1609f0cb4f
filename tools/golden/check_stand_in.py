# SPDX-License-Identifier: MIT
"""Checks a stand-in weights file with the reference implementation (transformers, single precision).

    afterimage scenes --out scenes
    afterimage weights synthesize --out stand-in.safetensors
    python tools/golden/check_stand_in.py stand-in.safetensors scenes/*.jpg

Prints: the tensor and parameter counts; the cosines between all pictures and each picture's three
nearest; for every layer the root mean square of the median channel, how many times louder the loudest
channels are, and the largest attention probability of each head (mean over tokens and pictures);
the range of the LayerNorm gains; cosines between a few texts. Versions: tools/golden/requirements.txt.
"""

import sys

sys.modules["torchvision"] = None  # only the PIL image processor is wanted

import numpy
import torch
from PIL import Image
from safetensors import safe_open
from transformers import CLIPConfig, CLIPModel
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil


def load(path):
    with safe_open(path, "pt") as file:
        print("metadata", file.metadata())
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    print(f"{len(tensors)} tensors, {sum(t.numel() for t in tensors.values()):,} parameters, "
          f"finite: {all(t.isfinite().all() for t in tensors.values())}")
    config = CLIPConfig(vision_config={"patch_size": 32}, text_config={}, projection_dim=512)
    config._attn_implementation = "eager"
    model = CLIPModel(config).eval()
    missing, unexpected = model.load_state_dict(tensors, strict=False)
    missing = [name for name in missing if not name.endswith("position_ids")]
    assert not missing and not unexpected, (missing, unexpected)
    return model, tensors


def cosines(vectors):
    unit = vectors / vectors.norm(dim=1, keepdim=True)
    return unit @ unit.T


def check_images(model, paths):
    names = [path.split("/")[-1].rsplit(".", 1)[0] for path in paths]
    pixels = CLIPImageProcessorPil()([Image.open(path) for path in paths], return_tensors="pt")["pixel_values"]
    output = model.vision_model(pixels, output_hidden_states=True, output_attentions=True)
    matrix = cosines(model.visual_projection(output.pooler_output))
    print(matrix.numpy())
    apart = matrix[~torch.eye(len(names), dtype=bool)]
    print(f"cosines {apart.min():.3f} to {apart.max():.3f}, median {apart.median():.3f}")
    for name, row in zip(names, matrix):
        nearest = [f"{names[i]} {row[i]:.2f}" for i in row.argsort(descending=True)[1:4]]
        print(f"{name:22} {', '.join(nearest)}")
    for layer, states in enumerate(output.hidden_states):
        level = states.square().mean(dim=(0, 1)).sqrt()
        loud = (level / level.median()).sort(descending=True).values[:5]
        peak = output.attentions[layer].amax(-1).mean(dim=(0, 2)).numpy() if layer < 12 else ""
        print(f"hidden {layer:2}: median channel {level.median():.2f}, loudest x {loud.numpy()}, peaks {peak}")


def check_texts(model):
    texts = torch.full((4, 77), 49407)
    texts[:, 0] = 49406
    for row, words in enumerate([[320, 736, 1615], [320, 736, 1746], [320, 1125, 539, 550], [1000, 2000]]):
        texts[row, 1 : 1 + len(words)] = torch.tensor(words)
    # The first end-of-text token is what is pooled.
    states = model.text_model(texts).last_hidden_state
    first = (texts == 49407).int().argmax(dim=1)
    print("texts\n", cosines(model.text_projection(states[torch.arange(4), first])).numpy())


if __name__ == "__main__":
    numpy.set_printoptions(precision=2, suppress=True, linewidth=220)
    with torch.no_grad():
        model, tensors = load(sys.argv[1])
        check_images(model, sys.argv[2:])
        check_texts(model)
    gains = torch.cat([t for n, t in tensors.items() if "norm" in n and n.endswith("weight")])
    print(f"LayerNorm gains {gains.min():.3f} to {gains.max():.3f}")
