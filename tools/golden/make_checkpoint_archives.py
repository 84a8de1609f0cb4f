#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the archives of Tests/CheckpointsTests/Fixtures with the real libraries.

One tiny CLIP is stored in every layout that `afterimage weights convert` reads. All values have at
most eight significant bits and a moderate exponent, so half precision, bfloat16 and single precision
hold them exactly and every archive must convert to the same tensors. `single-precision.safetensors`
is the exception: its values need single precision.

    python3 -m venv .venv-golden
    .venv-golden/bin/pip install -r tools/golden/requirements.txt
    .venv-golden/bin/python tools/golden/make_checkpoint_archives.py
"""

import hashlib
import json
import pathlib
import platform
import shutil
import sys
import tempfile
from collections import OrderedDict

import numpy
import open_clip
import safetensors
import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import nn

SEED = 20240229
WIDTH, LAYERS, MLP, IMAGE, PATCH, EMBEDDING = 64, 2, 32, 32, 8, 32
VOCABULARY, CONTEXT = 64, 16

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Tests/CheckpointsTests/Fixtures"


def configuration():
    tower = dict(
        hidden_size=WIDTH, intermediate_size=MLP, num_hidden_layers=LAYERS, num_attention_heads=WIDTH // 64,
        hidden_act="quick_gelu")
    return transformers.CLIPConfig(
        text_config=dict(
            tower, vocab_size=VOCABULARY, max_position_embeddings=CONTEXT, bos_token_id=VOCABULARY - 2,
            eos_token_id=VOCABULARY - 1, pad_token_id=VOCABULARY - 1, projection_dim=EMBEDDING),
        vision_config=dict(tower, image_size=IMAGE, patch_size=PATCH, projection_dim=EMBEDDING),
        projection_dim=EMBEDDING)


def rounded(tensor):
    """The nearest bfloat16, with values too small for a normal half set to zero."""
    short = tensor.to(torch.bfloat16).to(torch.float32)
    return torch.where(short.abs() < 2.0**-14, torch.zeros_like(short), short)


def tiny_model():
    torch.manual_seed(SEED)
    model = transformers.CLIPModel(configuration()).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn_like(parameter)
            if name.endswith("norm.weight") or "layer_norm" in name and name.endswith("weight"):
                parameter.copy_(rounded(1 + 0.2 * noise))
            elif name == "logit_scale":
                parameter.copy_(rounded(torch.tensor(2.65625)))
            elif name.endswith("layernorm.weight") or name.endswith("layrnorm.weight"):
                parameter.copy_(rounded(1 + 0.2 * noise))
            else:
                parameter.copy_(rounded(0.15 * noise))
    return model


def openai_names(state):
    """The state of a Hugging Face CLIP under OpenAI's names, for open_clip as well."""
    out = OrderedDict()

    def layers(source, target):
        for n in range(LAYERS):
            s, t = f"{source}.encoder.layers.{n}", f"{target}.resblocks.{n}"
            for kind in ("weight", "bias"):
                out[f"{t}.attn.in_proj_{kind}"] = torch.cat(
                    [state[f"{s}.self_attn.{p}_proj.{kind}"] for p in "qkv"])
                out[f"{t}.attn.out_proj.{kind}"] = state[f"{s}.self_attn.out_proj.{kind}"]
                out[f"{t}.ln_1.{kind}"] = state[f"{s}.layer_norm1.{kind}"]
                out[f"{t}.ln_2.{kind}"] = state[f"{s}.layer_norm2.{kind}"]
                out[f"{t}.mlp.c_fc.{kind}"] = state[f"{s}.mlp.fc1.{kind}"]
                out[f"{t}.mlp.c_proj.{kind}"] = state[f"{s}.mlp.fc2.{kind}"]

    out["visual.conv1.weight"] = state["vision_model.embeddings.patch_embedding.weight"]
    out["visual.class_embedding"] = state["vision_model.embeddings.class_embedding"]
    out["visual.positional_embedding"] = state["vision_model.embeddings.position_embedding.weight"]
    out["visual.proj"] = state["visual_projection.weight"].T.contiguous()
    for kind in ("weight", "bias"):
        out[f"visual.ln_pre.{kind}"] = state[f"vision_model.pre_layrnorm.{kind}"]
        out[f"visual.ln_post.{kind}"] = state[f"vision_model.post_layernorm.{kind}"]
        out[f"ln_final.{kind}"] = state[f"text_model.final_layer_norm.{kind}"]
    out["token_embedding.weight"] = state["text_model.embeddings.token_embedding.weight"]
    out["positional_embedding"] = state["text_model.embeddings.position_embedding.weight"]
    out["text_projection"] = state["text_projection.weight"].T.contiguous()
    out["logit_scale"] = state["logit_scale"]
    layers("vision_model", "visual.transformer")
    layers("text_model", "transformer")
    return out


class ResidualAttentionBlock(nn.Module):
    """The block of OpenAI's model, with its attribute names."""

    def __init__(self):
        super().__init__()
        self.attn = nn.MultiheadAttention(WIDTH, WIDTH // 64)
        self.ln_1 = nn.LayerNorm(WIDTH)
        self.mlp = nn.Sequential(OrderedDict(c_fc=nn.Linear(WIDTH, MLP), c_proj=nn.Linear(MLP, WIDTH)))
        self.ln_2 = nn.LayerNorm(WIDTH)

    def forward(self, x):
        normal = self.ln_1(x)
        x = x + self.attn(normal, normal, normal, need_weights=False)[0]
        hidden = self.mlp.c_fc(self.ln_2(x))
        return x + self.mlp.c_proj(hidden * torch.sigmoid(1.702 * hidden))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.resblocks = nn.Sequential(*[ResidualAttentionBlock() for _ in range(LAYERS)])

    def forward(self, x):
        return self.resblocks(x)


class VisualTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, WIDTH, PATCH, PATCH, bias=False)
        self.class_embedding = nn.Parameter(torch.zeros(WIDTH))
        self.positional_embedding = nn.Parameter(torch.zeros((IMAGE // PATCH) ** 2 + 1, WIDTH))
        self.ln_pre = nn.LayerNorm(WIDTH)
        self.transformer = Transformer()
        self.ln_post = nn.LayerNorm(WIDTH)
        self.proj = nn.Parameter(torch.zeros(WIDTH, EMBEDDING))

    def forward(self, x):
        x = self.conv1(x).flatten(2).permute(0, 2, 1)
        first = self.class_embedding + torch.zeros(x.shape[0], 1, WIDTH)
        x = self.ln_pre(torch.cat([first, x], dim=1) + self.positional_embedding)
        x = self.transformer(x.permute(1, 0, 2)).permute(1, 0, 2)
        return self.ln_post(x[:, 0, :]) @ self.proj


class CLIP(nn.Module):
    def __init__(self):
        super().__init__()
        self.context_length = CONTEXT
        self.visual = VisualTransformer()
        self.transformer = Transformer()
        self.token_embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.positional_embedding = nn.Parameter(torch.zeros(CONTEXT, WIDTH))
        self.ln_final = nn.LayerNorm(WIDTH)
        self.text_projection = nn.Parameter(torch.zeros(WIDTH, EMBEDDING))
        self.logit_scale = nn.Parameter(torch.zeros([]))

    def forward(self, image, text):
        x = self.token_embedding(text) + self.positional_embedding
        x = self.ln_final(self.transformer(x.permute(1, 0, 2)).permute(1, 0, 2))
        words = x[torch.arange(x.shape[0]), text.argmax(dim=-1)] @ self.text_projection
        return self.visual(image), words * self.logit_scale.exp()


def torchscript_archive(state, path):
    """As OpenAI stored it: a traced module, in half precision but for the normalisations."""
    model = CLIP().eval()
    model.load_state_dict(state)
    image = torch.zeros(1, 3, IMAGE, IMAGE)
    text = torch.zeros(1, CONTEXT, dtype=torch.int64)
    with torch.no_grad():
        archive = torch.jit.trace(model, (image, text), check_trace=False)
    for name, parameter in archive.named_parameters():
        if "ln_" not in name:
            parameter.data = parameter.data.half()
    archive.save(str(path))


def open_clip_model(state):
    model = open_clip.CLIP(
        embed_dim=EMBEDDING, quick_gelu=True,
        vision_cfg=open_clip.CLIPVisionCfg(
            layers=LAYERS, width=WIDTH, head_width=64, mlp_ratio=MLP / WIDTH, patch_size=PATCH, image_size=IMAGE),
        text_cfg=open_clip.CLIPTextCfg(
            context_length=CONTEXT, vocab_size=VOCABULARY, width=WIDTH, heads=WIDTH // 64, layers=LAYERS,
            mlp_ratio=MLP / WIDTH))
    model.load_state_dict(state)
    return model.eval()


def canonical(state):
    """What every archive must convert to: Hugging Face names, half precision."""
    return {
        name: value.half().contiguous() for name, value in state.items()
        if not name.endswith("position_ids") and name != "logit_scale"}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def content_sha256(tensors, activation, vision_heads, text_heads):
    """The hash that ContentHash documents, written a second time."""
    digest = hashlib.sha256(f"afterimage\0{activation}\0{vision_heads}\0{text_heads}\0".encode())
    words = {torch.float16: "F16", torch.float32: "F32"}
    for name in sorted(tensors, key=lambda n: n.encode()):
        value = tensors[name]
        shape = ",".join(str(n) for n in value.shape)
        digest.update(f"{name}\0{words[value.dtype]}\0{shape}\0".encode())
        digest.update(value.contiguous().numpy().tobytes())
    return digest.hexdigest()


def main():
    shutil.rmtree(FIXTURES, ignore_errors=True)
    FIXTURES.mkdir(parents=True)
    model = tiny_model()
    state = OrderedDict((k, v.detach().clone().contiguous()) for k, v in model.state_dict().items())
    foreign = openai_names(state)

    # Hugging Face: a directory, a state dict, the vision tower alone.
    directory = FIXTURES / "hugging-face"
    model.save_pretrained(directory)
    merges = ["#version: 0.2", "t h", "th e</w>", "i n", "a n", "r e</w>"]
    (directory / "merges.txt").write_text("\n".join(merges) + "\n")
    positions = {
        "text_model.embeddings.position_ids": torch.arange(CONTEXT).expand((1, -1)),
        "vision_model.embeddings.position_ids": torch.arange((IMAGE // PATCH) ** 2 + 1).expand((1, -1))}
    half = OrderedDict((k, v.half()) for k, v in state.items())
    # With the attribute `_metadata` that PyTorch gives to state dicts.
    whole = tiny_model().half().state_dict()
    whole.update(positions)
    torch.save(whole, FIXTURES / "pytorch_model.bin")
    vision = transformers.CLIPVisionModelWithProjection(model.config.vision_config).eval()
    vision.load_state_dict({k: v for k, v in state.items() if k.startswith("vis")})
    vision.half().save_pretrained(FIXTURES / "hugging-face-vision")
    bare = {k.removeprefix("vision_model."): v for k, v in half.items() if k.startswith("vision_model.")}
    save_file(dict(bare, **{"visual_projection.weight": half["visual_projection.weight"]}),
              FIXTURES / "vision-without-prefix.safetensors")
    torch.save({k: v for k, v in half.items() if k.startswith("vis")}, FIXTURES / "legacy-vision.bin",
               _use_new_zipfile_serialization=False)

    # OpenAI and open_clip.
    torchscript_archive(foreign, FIXTURES / "openai-torchscript.pt")
    clip = open_clip_model(foreign)
    torch.save(OrderedDict((k, v.half()) for k, v in clip.state_dict().items()), FIXTURES / "open-clip.pt")
    wrapped = OrderedDict((f"module.{k}", v.to(torch.bfloat16)) for k, v in clip.state_dict().items())
    torch.save({"epoch": 3, "name": "tiny", "state_dict": wrapped,
                "optimizer": {"state": {}, "param_groups": [{"lr": 1e-3, "betas": (0.9, 0.98)}]}},
               FIXTURES / "open-clip-checkpoint.pt")

    # Values that need single precision, in some tensors only.
    single = {k: v.clone() for k, v in vision.float().state_dict().items()}
    single["vision_model.encoder.layers.0.mlp.fc1.weight"] += 2.0**-20
    single["vision_model.embeddings.class_embedding"][3] = 1e-7
    save_file(single, FIXTURES / "single-precision.safetensors")

    # One embedding of each tower.
    torch.manual_seed(SEED + 1)
    pixels = torch.randn(1, 3, IMAGE, IMAGE)
    words = torch.tensor([[VOCABULARY - 2, 5, 17, 3, VOCABULARY - 1] + [VOCABULARY - 1] * (CONTEXT - 5)])
    with torch.no_grad():
        output = model(pixel_values=pixels, input_ids=words)
        features = model.visual_projection(model.vision_model(pixels).pooler_output)
        text_features = model.text_projection(model.text_model(words).pooler_output)
        mine, _ = torch.jit.load(FIXTURES / "openai-torchscript.pt").float()(pixels, words)
        assert torch.allclose(mine, features, atol=1e-5), "TorchScript model differs"
        assert torch.allclose(clip.encode_image(pixels), features, atol=1e-5), "open_clip model differs"
        assert torch.allclose(clip.encode_text(words), text_features, atol=1e-5), "open_clip text differs"
        assert torch.allclose(output.image_embeds, features / features.norm(), atol=1e-6)
    save_file({"pixel_values": pixels, "image_embeds": features, "input_ids": words,
               "text_embeds": text_features}, FIXTURES / "tiny-reference.safetensors")

    tensors = canonical(state)
    vision_tensors = {k: v for k, v in tensors.items() if k.startswith("vis")}
    single_tensors = {
        k: v.half() if torch.equal(v.half().float(), v) else v for k, v in single.items()}
    document = {
        "generator": "tools/golden/make_checkpoint_archives.py",
        "command": ".venv-golden/bin/python tools/golden/make_checkpoint_archives.py",
        "versions": {
            "python": platform.python_version(), "torch": torch.__version__,
            "transformers": transformers.__version__, "open_clip_torch": open_clip.__version__,
            "safetensors": safetensors.__version__, "numpy": numpy.__version__},
        "seed": SEED,
        "content_sha256": {
            "both_towers": content_sha256(tensors, "quick_gelu", WIDTH // 64, WIDTH // 64),
            "vision_only": content_sha256(vision_tensors, "quick_gelu", WIDTH // 64, ""),
            "single_precision": content_sha256(single_tensors, "quick_gelu", WIDTH // 64, "")},
        "single_precision_tensors": sorted(
            k for k, v in single_tensors.items() if v.dtype == torch.float32),
        "tensors": {
            name: {"dtype": "F16", "shape": list(value.shape), "sha256": sha256(value.numpy().tobytes())}
            for name, value in sorted(tensors.items())}}
    for path in FIXTURES.rglob("*.safetensors"):
        path.chmod(0o644)
    (FIXTURES / "tiny.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
