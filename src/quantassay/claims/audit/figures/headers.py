"""What the header of a column or the label of a row says that its numbers are."""

from __future__ import annotations

import re
from functools import lru_cache

from .figure import Role

_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])"))  # type: ignore[misc]
    for role, words in (
        ("speedup", r"speed[- ]?ups?|acceleration|faster(?![- ]?r-?cnn)|perf(?:ormance)? "
                    r"(?:gain|improvement|ratio)"),
        ("latency", r"latency|latencies|ttft|tpot|itl|runtime|inference time|"
         r"time(?! per s)|durations?|ms|"
                    r"milliseconds|seconds|rtf"),
        ("throughput", r"throughput|tokens?/s(?:ec(?:ond)?)?|tok/s|t/s|fps|qps|tps|ips|it/s|req/s|"
                       r"(?:images?|samples?|inferences?|frames?)(?:/| per )s(?:ec(?:ond)?)?|"
                       r"tokens? per second|speed"),
        ("size", r"size|memory|vram|ram|disk|footprint|mb(?![-\d])|gb|mib|gib|params?|parameters|"
                 r"flops|macs?|gflops|ops|bpw|bits?(?: width)?|bitwidth|"
                 r"compression(?: ratio)?|storage"),
        ("other", r"versions?|opset|resolution|batch(?: size)?|epochs?|dates?|downloads?|links?|"
                  r"group[- ]?size|seed|rank|energy|power|cost|price|class(?:es)?|id|index|layers?|"
                  r"steps?|lr|learning rate|threshold|thr|temperature|std|stderr|std\.? ?dev|± ?|"
                  r"p-values?|year|num[ _]beams|#|ci|group|context(?: length)?|shots?|n-shot|"
                  r"gpus?|cards?|weight(?![ -]only)|sparsity|"
                  r"calibration (?:size|samples)|kl|kld|divergence|top p|flips?"),
        ("recovery", r"recover(?:y|ed|ies)|recovery rate|retention|retained|preserved|"
                     r"% of (?:bf16|fp16|fp32|baseline|original|full)|relative (?:to|accuracy|"
                     r"score)|normali[sz]ed"),
        ("loss", r"drops?|degradation|degrade|decreases?|decline|reduction|(?:accuracy|quality|"
                 r"score|relative|absolute|quantization|map|f1|top-?1) loss|loss \(?(?:%|pp|pts|"
                 r"vs)|gap"),
        ("delta", r"delta|diff(?:erence)?s?|changes?|increase|gain|improvement|vs\.?|relative|"
                  r"compared"),
        ("count", r"correct(?: predictions| answers| samples)?|hits|right|solved|passed"),
        ("n", r"(?:total )?(?:samples|questions|images|examples|sentences|utterances)|total|"
              r"support|n|num(?:ber)?(?: of)? \w+|count|test size|n samples|instances"),
    )
)  # fmt: skip
_DELTA = re.compile(r"[Δ∆δ]|\+/-|^\s*loss\s*$")
_AVERAGE = re.compile(
    r"(?<![a-z])(?:avg\.?|averaged?|overall|macro[- ]?(?:avg|average)?|mean(?![ _-]?(?:average|"
    r"opinion|reciprocal|absolute|squared|iou|pixel)))(?![a-z])"
)
_LOWER = re.compile(
    r"(?<![a-z])(?:perplexity|ppl|wer|cer|per|ter|(?:top-?[15] )?errors?|error rate|(?:eval|val|"
    r"validation|test|train(?:ing)?) loss|mse|mae|rmse|nll|eer|fid|kld?|kl[- ]divergence|bpb|ece|"
    r"brier(?: score)?|lpips|absrel|mce)(?![a-z])"
)
_FORMULA = re.compile(r"\([^()]{1,16}[-−–][^()]{1,16}\)\s?/")
_MINUS = re.compile(r"\w -\s*\w|\w [−–] \w")


@lru_cache(maxsize=4096)
def role(label: str) -> Role | None:
    """Return the role that a label gives to its numbers; None where it names no special one."""
    low = label.lower()
    if _FORMULA.search(low):
        return "delta"
    if _MINUS.search(low) and "average" not in low and len(low) < 24:
        return "delta"
    found = next((name for name, words in _ROLES if words.search(low)), None)
    if _DELTA.search(low) and found not in ("speedup", "throughput", "latency", "size"):
        return "delta"
    return found


@lru_cache(maxsize=4096)
def is_average(label: str) -> bool:
    """Return whether a label says that its number is a mean of others."""
    return bool(_AVERAGE.search(label.lower()))


@lru_cache(maxsize=4096)
def lower_better(label: str) -> bool | None:
    """Return whether less is better of a metric; None where the label names no metric known."""
    low = label.lower()
    if _LOWER.search(low):
        return True
    return False if _HIGHER.search(low) else None


_HIGHER = re.compile(
    r"(?<![a-z])(?:acc(?:uracy)?(?:_norm)?|top-?[15]|f1|em|exact[- ]match|map|ap|ar|iou|miou|bleu|"
    r"chrf|comet|rouge\w*|auc|auroc|recall|precision|ndcg\S*|mrr|pass@\d+|score|hmean|psnr|ssim|"
    r"correct\w*|recovery|spearman|pearson|mcc|mcc|win rate|mt-?bench|mmlu\S*|gsm8k|hellaswag|"
    r"arc\S*|winogrande|truthfulqa|imagenet\S*|boolq|piqa|openllm)(?![a-z])"
)
