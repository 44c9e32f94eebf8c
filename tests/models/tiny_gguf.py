"""A folder of a Llama as a GGUF file in float32, as llama.cpp's own converter lays it out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from .tiny_llama import SIGNS

NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def write_gguf(folder: Path, out: Path) -> Path:
    """Write the model of a folder to a GGUF file."""
    import gguf
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text())
    writer = gguf.GGUFWriter(out, "llama")
    writer.add_name("tiny sums")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    _hyperparameters(writer, config)
    _vocabulary(writer)
    for name, weight in load_file(folder / "model.safetensors").items():
        writer.add_tensor(_name(name), _turned(name, weight, config["num_attention_heads"]))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return out


def _hyperparameters(writer, config) -> None:
    head = config["hidden_size"] // config["num_attention_heads"]
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(head)
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])


def _vocabulary(writer) -> None:
    from gguf import TokenType

    control = {"<unk>": TokenType.UNKNOWN, "<s>": TokenType.CONTROL, "</s>": TokenType.CONTROL}
    writer.add_tokenizer_model("llama")
    writer.add_token_list(SIGNS)
    writer.add_token_scores([0.0] * len(SIGNS))
    writer.add_token_types([control.get(sign, TokenType.NORMAL) for sign in SIGNS])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)


def _name(name: str) -> str:
    stem = name.removesuffix(".weight")
    if stem in NAMES:
        return f"{NAMES[stem]}.weight"
    _, _, block, part = stem.split(".", 3)
    return f"blk.{block}.{NAMES[part]}.weight"


def _turned(name: str, weight, heads: int):
    """Put the two halves of each head's rows in turn: llama.cpp rotates neighbours."""
    if not name.endswith(("q_proj.weight", "k_proj.weight")):
        return np.ascontiguousarray(weight, np.float32)
    halves = weight.reshape(heads, 2, weight.shape[0] // heads // 2, weight.shape[1])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(weight.shape), np.float32)
