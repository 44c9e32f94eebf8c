"""quantization-flips-small-llms: what it publishes, and the six disclosures."""

from __future__ import annotations

from .published import Disclosure, Publication, Statement

URL = "https://github.com/ab-ch90/quantization-flips-small-llms"
ABSTRACT = "abstract in `metadata.yaml`, e248985"
CAPTION = "`make_figures.py`, 511d193"
OTHER_CAPTION = "`make_figures.py`, 7fc46ec"

FIVE_POINTS = Statement("4-bit drops of up to five points on the smallest model", ABSTRACT)
PRESERVED = Statement("flips are substantial while accuracy is roughly preserved", ABSTRACT)
LOWER_BITS = Statement("lower-bit quantization produces more flips", ABSTRACT)
THREE_TO_TWO = Statement("about three to two pooled across models", ABSTRACT)
BELOW_CHANCE = Statement(
    "below the three to one that a four-option task would produce by chance", ABSTRACT
)
WRONG_TO_WRONG = Statement(
    "wrong-to-wrong transitions are a large share of behavioral change", ABSTRACT
)
ABOVE_RANGE = Statement(
    "The smaller models we test sit at the upper end of that range or above it", CAPTION
)
JUST_BELOW = Statement("with Phi-3.5-mini just below it", OTHER_CAPTION)
WEAKLY_HELD = Statement("Most were weakly held, a minority above 0.90", CAPTION)
EVERY_MODEL = Statement("Heavier quantization produces more flips for every model", CAPTION)
LEANS = Statement("Every model leans toward correct-to-incorrect", CAPTION)
HARDEST = Statement(
    "'professional_medicine' and 'professional_law' near the BOTTOM",
    "`check_mmlu_difficulty.py`, d5297da",
)
TWICE = Statement("passes_claim = cr >= 2 * abs(acc_change)", "`analyze_results.py`, 4e8e5ba")

# Flips of 4-bit bitsandbytes on MMLU, in per cent, that the caption of one figure quotes of Dutta
# et al. at either commit.
CAPTION_RANGE, OTHER_RANGE = (5.7, 10.9), (8.1, 16.6)
CONFIDENT = 0.9

PUBLICATION = Publication(
    title="[Re] Accuracy is Not All You Need on Current Small Instruction-Tuned Models",
    url=URL,
    commit="e248985",
    disclosures=(
        Disclosure(
            "task",
            "yes",
            "ARC-Challenge (1,000 items), MMLU (975 items, eight subjects), CommonsenseQA (986 "
            "items). The exact items and answer keys are in `results/_bench_items.json`",
            "`README.md`, ff39921",
            "yes",
            "`run_experiment.py` adds what the names hide: the first items of each test set, and "
            "of CommonsenseQA four of five options, without the items whose answer is the fifth.",
        ),
        Disclosure(
            "model",
            "yes",
            "Qwen2.5-1.5B-Instruct […] Phi-3.5-mini-instruct; bitsandbytes==0.49.2; "
            'load_in_4bit=True […] bnb_4bit_quant_type="nf4"',
            "`README.md`, ff39921; `requirements.txt`, b8161bd; `run_experiment.py`, 7fc46ec",
            "yes",
            "No revision of the weights. `dutta_comparison.py` calls the widths “BnB W8A8” and "
            "“BnB W4A4”; with NF4 weights and `bnb_4bit_compute_dtype=torch.float16` no "
            "activation has four bits.",
        ),
        Disclosure(
            "metric",
            "yes",
            "**Flips**: answers that move between correct and incorrect (either direction)",
            "`README.md`, ff39921",
            "partial",
            "Accuracy is not defined in the README; in `run_experiment.py` it is the likeliest of "
            "the letters A to D. The audit looks for a rule of accuracy and takes no flips.",
        ),
        Disclosure(
            "reference",
            "yes",
            "the full-precision (fp16) predictions",
            "`README.md`, ff39921",
            "yes",
            "",
        ),
        Disclosure(
            "calibration",
            "partial",
            "This repository replicates the bitsandbytes quantization-flips analysis",
            "`README.md`, ff39921",
            "partial",
            "The method settles that no data is needed; that is nowhere said.",
        ),
        Disclosure(
            "per stratum",
            "partial",
            "per-subject MMLU accuracy (appendix)",
            "`README.md`, ff39921",
            "partial",
            "Three benchmarks each with its figures; by subject the full-precision accuracy alone, "
            "as a mean over models: not the loss.",
        ),
    ),
)
