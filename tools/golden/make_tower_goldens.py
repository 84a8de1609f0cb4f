# SPDX-License-Identifier: MIT
"""Makes the golden vectors of the vision tower, stage by stage, with transformers in single precision.

    python3 -m venv .venv && .venv/bin/pip install -r tools/golden/requirements.txt
    swift build -c release --product afterimage
    .build/release/afterimage weights synthesize --out /tmp/plain.safetensors
    .build/release/afterimage weights synthesize --profile trained-like --out /tmp/trained-like.safetensors
    .venv/bin/python tools/golden/make_tower_goldens.py plain=/tmp/plain.safetensors \
        trained-like=/tmp/trained-like.safetensors

Writes Tests/CLIPTests/Fixtures/<set>.safetensors: for each of the pictures below, which lie in
Tests/ImagingTests/Fixtures, the SHA-256 of its decoded and cropped pixels (metadata), samples of the pixel tensor, of
the patch embedding and of the residual stream after every layer, and the whole embedding. A stage of 50 x 768 numbers
is sampled at COUNT positions, (k * STEP) modulo its size; its largest magnitude and its norm come along, so that a
test can put an error into proportion. 76 KB a set in place of 24 MB.
"""

import hashlib
import pathlib
import sys

import numpy
import PIL
import safetensors
import torch

# Not needed by the PIL processor, and builds of it that miss their own libraries break the import of transformers.
sys.modules["torchvision"] = None
import transformers
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMAGES = ROOT / "Tests/ImagingTests/Fixtures"
FOLDER = ROOT / "Tests/CLIPTests/Fixtures"
PICTURES = [
    "jpeg-420.jpg", "jpeg-640x360.jpg", "jpeg-progressive.jpg", "jpeg-grey.jpg", "jpeg-cmyk.jpg", "jpeg-1x7.jpg",
    "jpeg-exif-rotated.jpg", "jpeg-224x301.jpg", "png-rgb8.png", "png-palette8.png", "png-rgba16.png",
    "png-grey16.png", "png-500x333.png", "webp-400x300.webp", "webp-lossy.webp", "webp-lossless-alpha.webp",
]
COUNT = 96
STEP = 389


def model(path):
    with safetensors.safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    tensors = {k: v.float() for k, v in load_file(path).items() if k.startswith("vis")}
    tower = CLIPVisionModelWithProjection(CLIPVisionConfig(projection_dim=512, attn_implementation="eager")).eval()
    expected = set(tower.state_dict())
    renamed = {k if k in expected else k.removeprefix("vision_model."): v for k, v in tensors.items()}
    missing, unexpected = tower.load_state_dict(renamed, strict=False)
    assert not unexpected and all("position_ids" in name for name in missing), (missing, unexpected)
    return tower, metadata


def samples(stage):
    flat = stage.detach().float().reshape(-1)
    return flat[(torch.arange(COUNT) * STEP) % flat.numel()].contiguous()


def scale(stage):
    flat = stage.detach().double().reshape(-1)
    return torch.tensor([flat.abs().max(), flat.norm()], dtype=torch.float32)


def embeddings_module(tower):
    return (tower.vision_model if hasattr(tower, "vision_model") else tower).embeddings


def write(name, path):
    tower, weights = model(path)
    processor = CLIPImageProcessorPil()
    tensors = {}
    metadata = {
        "generator": "tools/golden/make_tower_goldens.py",
        "command": "see the head of the generator",
        "versions": f"torch {torch.__version__}, transformers {transformers.__version__}, Pillow {PIL.__version__}, "
        f"safetensors {safetensors.__version__}, numpy {numpy.__version__}",
        "weights_model_version": weights["model_version"],
        "weights_content_sha256": weights["content_sha256"],
        "pictures": ",".join(PICTURES),
        "sampling": f"{COUNT} positions, (k * {STEP}) modulo the size",
    }
    for picture in PICTURES:
        # Bare RGB: alpha is dropped, and no transparency entry survives for the processor to blend with.
        image = Image.fromarray(numpy.asarray(Image.open(IMAGES / picture).convert("RGB")))
        metadata[f"{picture}/decoded"] = hashlib.sha256(image.tobytes()).hexdigest()
        cropped = processor(image, return_tensors="np", do_rescale=False, do_normalize=False)["pixel_values"][0]
        interleaved = numpy.ascontiguousarray(cropped.astype(numpy.uint8).transpose(1, 2, 0))
        metadata[f"{picture}/cropped"] = hashlib.sha256(interleaved.tobytes()).hexdigest()
        pixels = torch.tensor(processor(image, return_tensors="np")["pixel_values"])
        with torch.no_grad():
            patches = embeddings_module(tower)(pixels)
            output = tower(pixels, output_hidden_states=True)
        stages = {"tensor": pixels, "patches": patches}
        stages |= {f"residual.{i}": state for i, state in enumerate(output.hidden_states)}
        for stage, values in stages.items():
            tensors[f"{picture}/{stage}"] = samples(values)
            tensors[f"{picture}/{stage}.scale"] = scale(values)
        tensors[f"{picture}/embedding"] = output.image_embeds[0].contiguous()
    FOLDER.mkdir(parents=True, exist_ok=True)
    save_file(tensors, FOLDER / f"{name}.safetensors", metadata)
    embeddings = torch.stack([tensors[f"{p}/embedding"] for p in PICTURES])
    unit = embeddings / embeddings.norm(dim=1, keepdim=True)
    cosines = (unit @ unit.T)[~torch.eye(len(PICTURES), dtype=torch.bool)]
    print(f"{name}: {len(PICTURES)} pictures, norms {embeddings.norm(dim=1).min():.3f} to "
          f"{embeddings.norm(dim=1).max():.3f}, cosines {cosines.min():.3f} to {cosines.max():.3f}")


if __name__ == "__main__":
    torch.manual_seed(0)
    for argument in sys.argv[1:]:
        write(*argument.split("=", 1))
