"""A small Llama that is trained on the spot to do sums of one, two and three digits.

A prompt is ``<s>``, the name of a question, three digits and ``=``; the answer is one digit:

=========  ============================  =====
question   answer                        steps
=========  ============================  =====
``s``      a + 1, modulo 10              1
``a``      a + b, modulo 10              2
``t``      a + b + c, modulo 10          3
=========  ============================  =====

Three quarters of the prompts are for training, the rest for the test. The same seed gives the same
weights on the same machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from numpy.typing import NDArray

SIGNS = ["<unk>", "<s>", "</s>", *"0123456789sat="]
QUESTIONS = "sat"
STEPS = 600
BATCH = 256


@dataclass(frozen=True)
class Prompts:
    """Prompts with their answers, as tokens and as text."""

    tokens: NDArray[np.int64]
    answers: NDArray[np.int64]
    questions: NDArray[np.str_]

    @property
    def texts(self) -> list[str]:
        return ["".join(SIGNS[token] for token in row[1:]) for row in self.tokens]

    def take(self, chosen) -> Prompts:
        return Prompts(self.tokens[chosen], self.answers[chosen], self.questions[chosen])


def prompts(part: str, seed: int = 0) -> Prompts:
    """Make the prompts for ``training`` or for the ``test``, shuffled."""
    digits = np.stack(np.meshgrid(*[np.arange(10)] * 3, indexing="ij"), -1).reshape(-1, 3)
    rows, answers, questions = [], [], []
    for used, question in enumerate(QUESTIONS, start=1):
        total = digits[:, :used].sum(1) + (question == "s")
        body = np.column_stack([np.full(1000, SIGNS.index(question)), digits + SIGNS.index("0")])
        rows.append(np.pad(body, ((0, 0), (1, 1)), constant_values=((0, 0), (1, SIGNS.index("=")))))
        answers.append(total % 10)
        questions.append(np.full(1000, question))
    whole = Prompts(np.concatenate(rows), np.concatenate(answers), np.concatenate(questions))
    order = np.random.default_rng(seed).permutation(len(whole.answers))
    half = len(order) * 3 // 4
    return whole.take(order[:half] if part == "training" else order[half:])


@cache
def tiny_llama(seed: int = 0, hidden: int = 128, steps: int = STEPS) -> Path:
    """Train a Llama, save it with its tokenizer, and return its folder."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(SIGNS),
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=32,
        tie_word_embeddings=False,
        bos_token_id=1,
        eos_token_id=2,
    )
    model = LlamaForCausalLM(config)
    _train(model, prompts("training"), seed, steps)
    folder = Path(mkdtemp(prefix="tiny-llama-"))
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return folder


def _train(model, given: Prompts, seed: int, steps: int) -> None:
    import torch

    tokens = torch.from_numpy(given.tokens)
    answers = torch.from_numpy(given.answers) + SIGNS.index("0")
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.3, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps + 1)
    draw = torch.Generator().manual_seed(seed)
    model.train()
    for _ in range(steps):
        rows = torch.randint(len(answers), (BATCH,), generator=draw)
        logits = model(input_ids=tokens[rows]).logits[:, -1]
        loss = torch.nn.functional.cross_entropy(logits, answers[rows])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    model.eval()


def tokenizer():
    """Return a tokenizer of single signs that begins each text with ``<s>``."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.WordLevel({sign: n for n, sign in enumerate(SIGNS)}, "<unk>"))
    made.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    made.post_processor = processors.TemplateProcessing("<s> $A", None, [("<s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        unk_token="<unk>",
        bos_token="<s>",
        eos_token="</s>",
        pad_token="</s>",
    )


def calibration(samples: int = 256) -> list[dict[str, NDArray[np.int64]]]:
    """Return training prompts as calibration batches of 32."""
    given = prompts("training").tokens[:samples]
    parts = [given[at : at + 32] for at in range(0, len(given), 32)]
    return [{"input_ids": part, "attention_mask": np.ones_like(part)} for part in parts]


def loss(logits: NDArray[np.floating], given: Prompts) -> float:
    """Return the mean negative log-likelihood of the answers, in nats."""
    wide = logits.astype(np.float64)
    top = wide.max(axis=1, keepdims=True)
    chances = wide - top - np.log(np.exp(wide - top).sum(axis=1, keepdims=True))
    return float(-chances[np.arange(len(wide)), given.answers + SIGNS.index("0")].mean())


def write_tables(folder: Path) -> None:
    """Write ``test.parquet`` and ``training.parquet``: prompt, answer as a token, question."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for part in ("test", "training"):
        made = prompts(part)
        columns = {
            "prompt": made.texts,
            "answer": made.answers + SIGNS.index("0"),
            "question": [str(question) for question in made.questions],
        }
        pq.write_table(pa.table(columns), folder / f"{part}.parquet")


RUBRIC = """
rubric: tiny-sums/1
task:
  name: sums of one, two and three digits
  data: {{reader: table, path: test.parquet, input: prompt, target: answer}}
  outputs: {{kind: logits}}
  composition: in-domain
  clusters: independent
strata: [question]
metrics:
  - {{name: top1, margin: 0.03, by: {{question: 0.08}}}}
  - {{name: nll, clip: 5}}
reference: fp32
variants:
  fp32: {{model: {model}}}
{variants}
calibrations:
  sums: {{data: {{reader: table, path: training.parquet, input: prompt}}, samples: 256}}
seed: 1
"""
