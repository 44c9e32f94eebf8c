"""Unlisted sets: names that no lexicon has and that a text treats as a data set."""

from __future__ import annotations

import re
from itertools import islice

from quantassay.claims.audit.items.platforms import PLATFORM
from quantassay.claims.audit.items.reading import Reading, Span

CALIBRATES = re.compile(
    r"calib|representative data|quantiz\w+ (?:with|using|on) (?:\d+ )?samples"
    r"|\b(?:GPTQ|AWQ|imatrix) (?:on|with|using|over) \d+ (?:samples|sequences)",
    re.I,
)
UNNAMED = re.compile(
    r"\b(?:our|my|own|internal|custom|in-house|private|proprietary|val_?|evaluation"
    r"|multi-class|test|validation|dev|held-out|eval)"
    r"[ _-]?(?:own )?(?:data ?set|test ?set|set|split|data|images|samples|corpus)\b"
    r"|\b(?:conjunto|jeu|set) (?:de|di) (?:teste?|prueba|validaci[óo]n|validation|valida[çc][ãa]o)"
    r"|\bTest(?:datensatz|menge|daten)\b|测试集|验证集|測試集|テスト(?:セット|データ)|評価データ"
    r"|(?:테스트|검증) ?(?:셋|세트|데이터)|тестов\w{1,3} (?:набор|выборк)"
    r"|(?<![\w.,])\d[\d,]{0,8} (?:[A-Za-z][\w-]{1,20} ){0,2}(?:requests|prompts|queries|utterances"
    r"|conversations|recordings|test cases|scenarios)\b",
    re.I,
)
_KIND = (
    r"(?:[Dd]ata ?set|benchmark|[Tt]est [Ss]et|test split|dev set|validation set|validation dataset"
    r"|corpus|leaderboard|eval(?:uation)? set|suite|task|challenge|competition|test samples"
    r"|test data)s?\b"
)
_WORDS = r"[A-Z][\w.+-]{1,30}(?: [A-Z0-9][\w.+-]{0,30}){0,5}"
_TOKEN = r"[A-Za-z][A-Za-z+-]{0,20}[A-Z\d][\w.+-]{0,20}"
_RULE = (
    r"\b(?:accuracy|F1|EM|EX|WER|CER|BLEU|m?AP|AUC|AUROC|PPL|perplexity|MRR|R@\d+|[Rr]ecall"
    r"|n?DCG(?:@\d+)?|IoU|Dice|PSNR|score|top-[15])"
)
_CALLED = (
    re.compile(rf"\b(?:on|over|using|with|for|from) (?:the )?(?:full |public |official )?"
               rf"(?P<name>{_WORDS}|[\w-]+/[\w.-]+)(?: v?\d[\d.]*)? {_KIND}"),
    re.compile(rf"(?<![\w/.-])(?P<name>{_TOKEN}(?: [A-Z][\w-]{{1,20}})?) {_KIND}"),
    re.compile(r"(?P<name>[A-Z][A-Za-z0-9 .+-]{1,30}) ?(?:リーダーボード|ベンチマーク|データセット"
               r"|基準|基准|数据集|资料集|測試集|测试集|验证集|데이터셋|벤치마크)"),
)  # fmt: skip
_SCORED = (
    re.compile(rf"{_RULE}\b[^.\n|]{{0,24}}?(?:\d\.\d+)?%? on (?:the )?"
               rf"(?P<name>{_TOKEN}|[A-Z][a-z]+ \d[\d.]*)"),
    re.compile(rf"{_RULE}\W{{1,3}}\((?P<name>{_TOKEN}|[A-Z][a-z]+ \d[\d.]*)\)"),
    re.compile(rf"\b(?:[Ee]valuated|[Vv]alidated|[Ss]cored) on (?:the )?(?P<name>{_TOKEN})"),
    re.compile(r"(?<![\w/.-])(?P<name>[A-Z][A-Za-z0-9]{0,20}-?(?:Bench|QA|Eval|MNIST|MMLU|Exam)"
               r"(?:[-_ ]?v?\d[\d.]{0,4})?)(?![\w/-])"),
)  # fmt: skip
_FIELD = re.compile(
    r"^\W{0,6}(?:evaluation |eval |test )?(?:data ?set|benchmark|corpus|数据集|データセット"
    r"|데이터셋)(?:\W{0,3}[:：]\W{0,3})(?P<name>[A-Z][^\n|,;:(]{1,40})",
    re.I | re.M,
)
_GENERIC = re.compile(
    r"(?:the|this|these|our|my|your|its|each|all|any|every|same|full|own|custom|internal|private"
    r"|test|train\w*|val\w*|eval\w*|calibration|representative|quality|accuracy|performance|speed"
    r"|latency|inference|runtime|benchmark\w*|data ?sets?|models?|results?|standard|public|new"
    r"|synthetic|unknown|various|several|multiple|n/?a|none|other|total|overall|average|onnx"
    r"|llms?|asr|nlp|ocr|v?qa|tts|ai|ml|rag|cnn|dnn|mlp|hf|html|xml|yaml|v\d[\d.]*|posttraining\w*|json|csv|api|sql|[23]d|rgb|ecg|eeg|ppg"
    r"|emg|ct|mri|pii|ner|int\d*|fp\d*|post|source|(?:github|hugging ?face|kaggle|colab)$)\b",
    re.I,
)
_MOST = 500
_OTHER_KINDS = frozenset(
    {"tool", "model", "format", "precision", "scheme", "metric", "calibration", "split", "stratum"}
)


def unlisted(reading: Reading) -> tuple[Span, ...]:
    """Return names that a text calls a data set, or on which it says a score was measured."""
    found = (
        match.span("name")
        for pattern in (*_CALLED, *_SCORED, _FIELD)
        for match in islice(reading.finds(pattern), _MOST)
    )
    return tuple(span for span in found if names_set(reading, span))


def names_set(reading: Reading, span: Span) -> bool:
    """Whether words may be the name of a set: no common word, no model, tool, board or format."""
    words = reading.text[slice(*span)]
    if _GENERIC.match(words) or PLATFORM.search(words):
        return False
    names = reading.within(*span)
    if any(name.kind in _OTHER_KINDS and name.start == span[0] for name in names):
        return False
    return not CALIBRATES.search(reading.said(span[0]))
