"""A made-up study and made-up tendencies, with extremes: undefined, huge, negative, hostile."""

from __future__ import annotations

from itertools import combinations

from quantassay.records.cells import Verdict
from quantassay.records.cross import (
    At,
    AxisAnswer,
    Cross,
    CrossCell,
    CrossContrast,
    OutcomeCount,
    Penalty,
)
from quantassay.records.executor import Machine
from quantassay.records.tendencies import Definition, Tendencies, Tendency
from quantassay.records.triple import Outcome, Triple

HOSTILE = 'int4"><script>alert(2)</script>|`rtn`'
MARGIN = {"digits": 0.02, "sums": 0.02, "retrieval": 0.03}
N = {"digits": 898, "sums": 3000, "retrieval": 1200}
MAIN = {"digits": "top1", "sums": "exact_match", "retrieval": "mrr"}
#: loss in per cent by task, model and scheme; None where it is undefined
LOSSES: dict[tuple[str, str], dict[str, float | None]] = {
    ("digits", "as-trained"): {"fp16": 0.0, "int8-static": 0.4, HOSTILE: 1.9},
    ("digits", "outliers"): {"fp16": 0.0, "int8-static": 1.2, HOSTILE: 88.0},
    ("sums", "as-trained"): {"fp16": -0.1, "int8-static": 3.4, HOSTILE: 52.1},
    ("sums", "outliers"): {"fp16": -4.0, "int8-static": 91.5, HOSTILE: 97.0},
    ("retrieval", "as-trained"): {"fp16": 0.01, "int8-static": None, HOSTILE: 5.2},
}


def study() -> Cross:
    """Three tasks, two models, three schemes: one loss undefined, one triple left out."""
    cells, penalties = [], []
    for (task, model), losses in LOSSES.items():
        for scheme, loss in losses.items():
            at = At(task, model, scheme)
            main = _penalty(at, MAIN[task], None if loss is None else loss / 100)
            penalties += [main, _other(at, loss), *_strata(at, loss)]
            cells.append(_cell(at, main))
    missing = At("retrieval", "outliers", HOSTILE)
    cells.append(
        CrossCell(missing, "", "", None, None, "", None, reason="this model has no MatMul to store")
    )
    return Cross(
        study="three-axes/1",
        digest="sha256:51ab",
        made="2026-03-04T10:15:00Z",
        quantassay="0.1.0",
        confidence=0.95,
        level=0.025 / 30,
        headline=MAIN,
        cells=tuple(cells),
        penalties=tuple(penalties),
        contrasts=_contrasts(),
        answers=_answers(),
        fragile_at_once=(At("sums", "outliers", "int8-static"), At("sums", "outliers", HOSTILE)),
        machine=Machine(
            "AMD EPYC 7763", "x86_64", ("avx2",), 64, 2, 16_777_216_000, 8_388_608_000,
            "Debian GNU/Linux 12", "6.1.0", "3.11.7", {},
        ),
        software={"onnxruntime": "1.20.1", "numpy": "2.1.0"},
        findings=("retrieval / as-trained / int8-static: no question was answered.",),
        reproduce="quantassay study examples/three_axes/study.yaml",
        folder="runs/three-axes",
        conclusion="The founding claim is borne out in part here.",
        outcomes=(
            OutcomeCount("task", "digits", 3, 1, 2, 0),
            OutcomeCount("scheme", HOSTILE, 0, 4, 1, 1),
        ),
    )  # fmt: skip


def _verdict(low: float, high: float, margin: float) -> Verdict:
    return "pass" if high < margin else "fail" if low > margin else "inconclusive"


def _penalty(
    at: At, metric: str, loss: float | None, stratum: dict[str, str] | None = None, n: int = 0
) -> Penalty:
    margin, n = MARGIN[at.task], n or N[at.task]
    half = 25 / n**0.5 / 100 + abs(loss or 0.0) / 30
    if loss is None:
        ends, wide, verdict = None, None, "insufficient"
    else:
        ends, wide = (loss - half, loss + half), (loss - 1.6 * half, min(1.0, loss + 1.6 * half))
        verdict = _verdict(*ends, margin)
    return Penalty(
        at, metric, stratum or {}, n, 300 if at.task == "retrieval" else None,
        0.97, loss, ends, None if stratum else wide, 1.0, "fraction", "paired binary, E+M",
        margin, verdict, "" if loss is not None else "no sample has an answer",
    )  # fmt: skip


def _other(at: At, loss: float | None) -> Penalty:
    amount = None if loss is None else loss / 100 * 4.1
    ends = None if amount is None else (amount - 0.02, amount + 0.03)
    return Penalty(
        at, "nll", {}, N[at.task], None, 0.08, amount, ends, None, None, "nats", "t+w, w = 2",
        None, None, "" if amount is not None else "no sample has an answer",
    )  # fmt: skip


def _strata(at: At, loss: float | None) -> list[Penalty]:
    if at.task != "sums" or loss is None:
        return []
    return [
        _penalty(at, "exact_match", loss / 100 * steps / 3, {"steps": str(steps)}, 500)
        for steps in (1, 2, 3, 10)
    ]


def _cell(at: At, main: Penalty) -> CrossCell:
    outcomes: dict[Verdict | None, Outcome] = {"pass": "robust", "fail": "fragile"}
    outcome = outcomes.get(main.verdict, "undetermined")
    deciding = f"{main.metric} @ overall"
    reasons = {
        "robust": "all of 1 cell within the margin",
        "fragile": "1 of 1 cell beyond the margin",
        "undetermined": "1 of 1 cell not settled: the interval holds the margin",
    }
    timed = at.task == "digits"
    return CrossCell(
        at,
        f"cells/{at.task}/{at.model}/{'int4' if at.scheme == HOSTILE else at.scheme}/run",
        at.scheme[:4],
        Triple(at.scheme, "fp32", outcome, deciding, reasons[outcome], (deciding,), ("nll @ all",)),
        main.verdict,
        "neither an operation nor a weight differs" if at.scheme == "fp16" else "as its name says",
        at.scheme != "fp16",
        1.83 if timed else None,
        (1.79, 1.88) if timed else None,
        amendments=1 if at == At("digits", "as-trained", "fp16") else 0,
        findings=("Clusters are unknown.",) if at.task == "digits" else (),
    )


def _contrasts() -> tuple[CrossContrast, ...]:
    def place(task: str, model: str, scheme: str = "int8-static") -> tuple[At, str]:
        return At(task, model, scheme), MAIN[task]

    by_model = CrossContrast(
        ("model",), (place("sums", "outliers"),), (place("sums", "as-trained"),),
        0.881, (0.801, 0.948), (12.1, None),
    )  # fmt: skip
    crossed = CrossContrast(
        ("task", "model"),
        (place("sums", "outliers"), place("digits", "outliers")),
        (place("sums", "as-trained"), place("digits", "as-trained")),
        0.873,
        (0.76, 0.967),
        (3.1, 5.2),
    )
    open_one = CrossContrast(
        ("task",), (place("sums", "as-trained"),), (place("digits", "as-trained"),),
        0.03, (-0.012, 0.074), (None, None),
    )  # fmt: skip
    undefined = CrossContrast(
        ("task",), (place("retrieval", "as-trained"),), (place("digits", "as-trained"),),
        None, None, None, "a loss of it is undefined",
    )  # fmt: skip
    return (open_one, undefined, crossed, by_model)


def _answers() -> tuple[AxisAnswer, ...]:
    _, _, crossed, by_model = _contrasts()
    shown = "80.10 to 94.80 pp; 3 of 8 contrasts are settled; none is larger than 94.80 pp."
    return (
        AxisAnswer(
            ("task",), 2, 0, None, 0.074,
            "Not shown: none of 2 contrasts is settled; none is larger than 7.40 pp.",
        ),
        AxisAnswer(("model",), 8, 3, by_model, 0.948, f"The model moves the penalty: {shown}"),
        AxisAnswer(("metric",), 0, 0, None, None, "Cannot be asked: one metric.", "one metric"),
        AxisAnswer(("task", "model"), 4, 1, crossed, 0.967, f"Task and model interact: {shown}"),
    )  # fmt: skip


def one_cell() -> Cross:
    """The smallest study there is."""
    base, at = study(), At("digits", "as-trained", "int8-static")
    return Cross(
        base.study, base.digest, base.made, base.quantassay, 0.95, 0.025, {"digits": "top1"},
        tuple(cell for cell in base.cells if cell.at == at),
        tuple(one for one in base.penalties if one.at == at), (), (), (),
    )  # fmt: skip


def large() -> Cross:
    """400 triples: 8 tasks, 10 models, 5 schemes, with losses of all sizes."""
    cells, penalties = [], []
    for place in range(400):
        task, model, scheme = place // 50, place // 5 % 10, place % 5
        at = At(f"task-{task}", f"a-rather-long-name-of-model-{model}", f"scheme-{scheme}")
        loss = min(0.98, (model - 2) * 0.002 * 4.0**scheme * (1 + task / 8))
        half = 0.012 + abs(loss) / 20
        verdict = _verdict(loss - half, loss + half, 0.02)
        one = Penalty(
            at, "top1", {}, 1000 + task, None, 0.9, loss, (loss - half, loss + half),
            (loss - 2 * half, loss + 2 * half), 1.0, "fraction", "E+M", 0.02, verdict,
        )  # fmt: skip
        penalties.append(one)
        outcome: Outcome = "robust" if verdict == "pass" else "fragile"
        triple = Triple(at.scheme, "fp32", outcome, "top1 @ overall", "", ("top1 @ overall",), ())
        cells.append(CrossCell(at, f"cells/{place}", "int8", triple, verdict, "as named", True))
    contrasts = tuple(
        CrossContrast(
            ("task",), ((one.at, "top1"),), ((other.at, "top1"),), 0.1, (0.1 - i % 7 / 20, 0.2)
        )
        for i, (one, other) in enumerate(combinations(cells[:40], 2))
    )
    base = study()
    return Cross(
        "large/1", base.digest, base.made, base.quantassay, 0.95, 6e-5,
        {f"task-{i}": "top1" for i in range(8)}, tuple(cells), tuple(penalties), contrasts,
        base.answers, (),
    )  # fmt: skip


DEFINITIONS = (
    Definition(
        "activation-kurtosis", "fourth central moment of activations over the squared variance",
        "", "Pearson 1905", "higher",
    ),
    Definition(
        "layer-noise", "signal to quantization noise of a layer's outputs", "dB",
        "Widrow 1956", "lower", pair=True,
    ),
    Definition("pruning-loss", "loss where a share of weights is zero", "pp", "", "higher"),
)  # fmt: skip


def tendencies() -> Tendencies:
    """Those of fp32, fp16 and int8-static: huge, negative and undefined ones, and many layers."""
    found = [
        Tendency("activation-kurtosis", "fp32", 1_234_567.8, "", 64_000, "values"),
        Tendency("activation-kurtosis", "fp16", 3.01, "", 64_000, "values"),
        Tendency("layer-noise", "fp16", 71.2, "dB", 640, "values", against="fp32"),
        Tendency("layer-noise", "int8-static", -3.4, "dB", 640, "values", against="fp32"),
        Tendency("pruning-loss-0.3", "fp32", None, "pp", 0, "samples", reason="the budget is over"),
    ]
    found += [
        Tendency(
            "layer-noise", "int8-static", 40 - place, "dB", 640, "values", f"layer-{place:03d}",
            "fp32",
        )
        for place in range(60)
    ]  # fmt: skip
    found += [
        Tendency("activation-kurtosis", "fp32", 9.1, "", 6400, "values", "<img src=x>|layer"),
        Tendency("activation-kurtosis", "fp32", None, "", 0, "values", "dead", reason="no spread"),
    ]
    return Tendencies(
        rubric="digits-int8/1",
        rubric_digest="sha256:9f2c51d0",
        task="handwritten-digits",
        reference="fp32",
        candidates=("fp16", "int8-static"),
        samples=64,
        seed=2026,
        budget=60.0,
        made="2026-03-04T10:16:00Z",
        quantassay="0.1.0",
        found=tuple(found),
        left_out=("layer-sensitivity of 12 layers: the budget of 60 s was over",),
        findings=("fp32: one layer holds 94 % of the largest activations.",),
        definitions=DEFINITIONS,
    )
