# SPDX-License-Identifier: MIT
"""Makes what the peers need from a weights file of ours, and the large picture.

    python export.py WEIGHTS FOLDER PICTURE

FOLDER/tower.onnx         the vision tower in single precision, any batch size (onnxruntime, OpenVINO)
FOLDER/tower-int8.onnx    linear maps in int8: onnxruntime's `quantize_dynamic`
FOLDER/faster-clip/…      the tensors where faster-clip looks for its download
FOLDER/1920x1080.jpg      PICTURE enlarged, with the fine noise of a camera's sensor
"""

import logging
import pathlib
import sys
import warnings

import numpy
import onnx
import torch
from onnxruntime.quantization import quantize_dynamic
from PIL import Image
from safetensors.torch import load_file, save_file

import tower

FASTER_CLIP = "faster-clip/sentence-transformers__clip-ViT-B-32/0_CLIPModel/model.safetensors"


def export(weights, target):
    """The tracing exporter: one file, and no package beyond torch and onnx."""
    model = tower.ImageEmbeddings(tower.load(weights)).eval()
    torch.onnx.export(
        model, (torch.zeros(2, 3, 224, 224),), target, dynamo=False, opset_version=17, input_names=["pixels"],
        output_names=["embeddings"], dynamic_axes={"pixels": {0: "batch"}, "embeddings": {0: "batch"}})
    onnx.checker.check_model(str(target))


def quantize(source, target):
    """Weights per tensor, activations per tensor as they come. The patch convolution stays in single precision:
    quantising it too, as is the default, was slower here and less exact."""
    quantize_dynamic(source, target, op_types_to_quantize=["MatMul", "Gemm"])


def save_for_faster_clip(weights, target):
    """faster-clip reads single precision and quantises while it loads."""
    target.parent.mkdir(parents=True, exist_ok=True)
    tensors = load_file(weights).items()
    save_file({name: tensor.float().contiguous() for name, tensor in tensors if name.startswith("vis")}, target)


def enlarge(picture, target):
    """Deterministic: a fixed seed, and the quality that cameras send."""
    image = Image.open(picture).convert("RGB").resize((1920, 1080), Image.Resampling.BICUBIC)
    noise = numpy.random.RandomState(1).normal(0, 4, (1080, 1920, 1))
    Image.fromarray(numpy.clip(numpy.asarray(image) + noise, 0, 255).astype(numpy.uint8)).save(target, quality=88)


def main():
    weights, folder, picture = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    folder.mkdir(parents=True, exist_ok=True)
    export(weights, folder / "tower.onnx")
    quantize(folder / "tower.onnx", folder / "tower-int8.onnx")
    save_for_faster_clip(weights, folder / FASTER_CLIP)
    enlarge(picture, folder / "1920x1080.jpg")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.getLogger().setLevel(logging.ERROR)
    main()
