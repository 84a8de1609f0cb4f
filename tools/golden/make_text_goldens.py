# SPDX-License-Identifier: MIT
"""Makes the golden vectors of the text tower with transformers' CLIPModel in single precision.

    .venv/bin/python tools/golden/make_text_goldens.py plain=/tmp/plain.safetensors \
        trained-like=/tmp/trained-like.safetensors

The weights are those of make_tower_goldens.py. Writes Tests/CLIPTests/Fixtures/text-<set>.safetensors: token ids of 26
texts, 2 to 77 tokens long, as padded rows; `get_text_features` of each; for four of them samples of the residual
stream after every layer, taken as make_tower_goldens.py does, and its largest magnitude.
"""

import pathlib
import random
import sys

import numpy
import safetensors
import torch

sys.modules["torchvision"] = None
import transformers
from safetensors.torch import load_file, save_file
from transformers import CLIPConfig, CLIPModel

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/CLIPTests/Fixtures"
START, END, CONTEXT = 49_406, 49_407, 77
COUNT, STEP = 96, 389
# "a photo of a cat", "red car", "person at the front door", "a photo of a dog"
SENTENCES = [[320, 1125, 539, 320, 2368], [736, 1615], [2533, 536, 518, 2184, 2489], [320, 1125, 539, 320, 1929]]
STAGED = [0, 1, 9, 25]


def texts():
    source = random.Random(20261123)
    yield from SENTENCES
    # An end inside the text: what follows must not count.
    yield [320, END, 2368, 736]
    yield [START, 320, START, 2368]
    for length in [0, 1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 48, 57, 66, 74, 75]:
        yield [source.randrange(START) for _ in range(length)]


def model(path):
    with safetensors.safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    tensors = {k: v.float() for k, v in load_file(path).items() if k != "tokenizer.merges"}
    text = {"eos_token_id": END, "bos_token_id": START, "pad_token_id": END}
    network = CLIPModel(CLIPConfig(text_config=text, attn_implementation="eager")).eval()
    missing, unexpected = network.load_state_dict(tensors, strict=False)
    assert not unexpected and all("position_ids" in name for name in missing), (missing, unexpected)
    return network, metadata


def write(name, path):
    network, weights = model(path)
    ids = [[START, *text, END] for text in texts()]
    rows = torch.tensor([row + [END] * (CONTEXT - len(row)) for row in ids])
    tensors = {"ids": rows.to(torch.int32).float()}
    with torch.no_grad():
        features = network.get_text_features(input_ids=rows)
        features = getattr(features, "pooler_output", features)
        hidden = network.text_model(input_ids=rows, output_hidden_states=True).hidden_states
    tensors["embeddings"] = features.contiguous()
    for text in STAGED:
        length = ids[text].index(END) + 1
        for layer, state in enumerate(hidden):
            flat = state[text, :length].reshape(-1)
            tensors[f"{text}/residual.{layer}"] = flat[(torch.arange(COUNT) * STEP) % flat.numel()].contiguous()
            tensors[f"{text}/residual.{layer}.scale"] = flat.abs().max().reshape(1)
    save_file(tensors, FOLDER / f"text-{name}.safetensors", {
        "generator": "tools/golden/make_text_goldens.py",
        "versions": f"torch {torch.__version__}, transformers {transformers.__version__}, "
        f"safetensors {safetensors.__version__}, numpy {numpy.__version__}",
        "weights_model_version": weights["model_version"],
        "weights_content_sha256": weights["content_sha256"],
        "staged": ",".join(map(str, STAGED)),
        "sampling": f"{COUNT} positions, (k * {STEP}) modulo the size",
    })
    unit = features / features.norm(dim=1, keepdim=True)
    cosines = (unit @ unit.T)[~torch.eye(len(ids), dtype=torch.bool)]
    print(f"{name}: {len(ids)} texts, norms {features.norm(dim=1).min():.3f} to {features.norm(dim=1).max():.3f}, "
          f"cosines {cosines.min():.3f} to {cosines.max():.3f}")


if __name__ == "__main__":
    torch.manual_seed(0)
    for argument in sys.argv[1:]:
        write(*argument.split("=", 1))
