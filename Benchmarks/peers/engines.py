# SPDX-License-Identifier: MIT
"""The peers, each behind the same calls: `tower(pixels)`, `preprocess(bytes)`, `embed(bytes)`.

Every class imports its own runtime only, so that a worker holds nothing but what its engine needs.
"""

import io
import pathlib

import numpy
from PIL import Image

SIDE = 224
MEAN = numpy.array([0.48145466, 0.4578275, 0.40821073], numpy.float32)
DEVIATION = numpy.array([0.26862954, 0.26130258, 0.27577711], numpy.float32)


def resized(data):
    """Decodes an image and brings its shorter edge to 224 with Pillow's bicubic filter, uncropped."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    width, height = image.size
    short, long = min(width, height), SIDE * max(width, height) // min(width, height)
    size = (SIDE, long) if width == short else (long, SIDE)
    return image.resize(size, Image.Resampling.BICUBIC)


def preprocess(data):
    """What CLIPImageProcessorPil does, in Pillow and numpy: bytes to pixels [3, 224, 224]."""
    image = resized(data)
    left, top = (image.width - SIDE) // 2, (image.height - SIDE) // 2
    pixels = numpy.asarray(image.crop((left, top, left + SIDE, top + SIDE)), numpy.float32) / 255
    return numpy.ascontiguousarray(((pixels - MEAN) / DEVIATION).transpose(2, 0, 1))


class Runtime:
    """What the engines share: from bytes to the embedding through the preprocessing above."""

    note = ""

    def preprocess(self, data):
        return preprocess(data)

    def embed(self, data):
        return self.tower(self.preprocess(data)[None])[0]


class Torch(Runtime):
    """transformers' model and image processor: the Python path of today. `precision` is fp32 or bf16."""

    def __init__(self, precision, weights, models, threads):
        import tower
        import torch
        from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

        torch.set_num_threads(threads)
        torch.set_num_interop_threads(1)
        self.torch = torch
        self.kind = torch.bfloat16 if precision == "bf16" else torch.float32
        self.model = tower.ImageEmbeddings(tower.load(weights)).to(self.kind).eval()
        self.processor = CLIPImageProcessorPil()
        self.version = f"PyTorch {torch.__version__}"

    def tower(self, pixels):
        with self.torch.inference_mode():
            return self.model(self.torch.from_numpy(pixels).to(self.kind)).float().numpy()

    def preprocess(self, data):
        return self.processor(Image.open(io.BytesIO(data)).convert("RGB"), return_tensors="np")["pixel_values"][0]


class OnnxRuntime(Runtime):
    """onnxruntime's CPU provider. `precision` is fp32 or int8 (`quantize_dynamic`)."""

    def __init__(self, precision, weights, models, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Its threads spin between the operators of a run, as they do by default, but not after it: they would take
        # time from the engine whose turn is next.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        name = "tower-int8.onnx" if precision == "int8" else "tower.onnx"
        self.session = onnxruntime.InferenceSession(
            str(pathlib.Path(models, name)), options, providers=["CPUExecutionProvider"])
        self.version = f"onnxruntime {onnxruntime.__version__}"

    def tower(self, pixels):
        return self.session.run(None, {"pixels": pixels})[0]


class OpenVINO(Runtime):
    """OpenVINO's CPU plug-in. `precision` is fp32 or bf16; a model is compiled for each batch size."""

    def __init__(self, precision, weights, models, threads):
        import openvino

        self.core = openvino.Core()
        self.path = str(pathlib.Path(models, "tower.onnx"))
        self.options = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": {"fp32": "f32", "bf16": "bf16"}[precision],
        }
        self.requests = {}
        self.version = f"OpenVINO {openvino.get_version().split('-')[0]}"

    def request(self, batch):
        """Fixed shapes are what OpenVINO is fastest with."""
        if batch not in self.requests:
            model = self.core.read_model(self.path)
            model.reshape([batch, 3, SIDE, SIDE])
            compiled = self.core.compile_model(model, "CPU", self.options)
            self.note = "computes in " + compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
            self.requests = {batch: compiled.create_infer_request()}
        return self.requests[batch]

    def tower(self, pixels):
        request = self.request(len(pixels))
        return next(iter(request.infer(pixels, share_inputs=True).values())).copy()


class FasterClip:
    """faster-clip: weights in int8, bytes to embedding in one call; it has no tower or preprocessing of its own to ask
    for."""

    note = "int8 weights, arithmetic in single precision"

    def __init__(self, precision, weights, models, threads):
        import importlib.metadata
        import os

        os.environ["FASTER_CLIP_CACHE"] = str(pathlib.Path(models, "faster-clip"))
        import faster_clip

        self.model = faster_clip.ClipModel()
        self.version = f"faster-clip {importlib.metadata.version('faster-clip')}"

    def embed(self, data):
        return numpy.asarray(self.model.encode_image([data])[0], numpy.float32)


class Pillow:
    """Decoding and resizing alone: what any Python path pays before its model."""

    note = "decode and resize only"

    def __init__(self, precision, weights, models, threads):
        import PIL

        self.version = f"Pillow {PIL.__version__}"

    def preprocess(self, data):
        return resized(data)


RUNTIMES = {
    "torch": Torch, "onnxruntime": OnnxRuntime, "openvino": OpenVINO, "faster-clip": FasterClip, "pillow": Pillow,
}


def start(name, weights, models, threads):
    """The engine called `runtime-precision`."""
    runtime, _, precision = name.rpartition("-")
    return RUNTIMES[runtime or name](precision, weights, models, threads)
