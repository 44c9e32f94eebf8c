"""What the rules look at: text without data, scopes read once, and quotes without markup."""

from __future__ import annotations

import time

import pytest

from quantassay.claims.audit.items.checklist import items
from quantassay.claims.audit.items.reading import Reading
from quantassay.claims.sources.read import read_text

PAGE = (
    "<html><head><title>Edge net INT8</title><style>td{color:red}</style></head><body>"
    "<table><tr><th>FPS</th></tr><tr><td>170</td></tr></table>"
    "<p>COCO val2017, 5,000 images, mAP<sub>50-95</sub> 22.1.</p></body></html>"
)


@pytest.mark.long
@pytest.mark.parametrize("run", ["a", "9", "a1", "-", "a/", "9,", "9 "])
def test_a_million_characters_of_one_run_take_no_time(run):
    document = read_text(run * (1_000_000 // len(run)), "card.md")
    began = time.process_time()
    items(Reading(document))
    assert time.process_time() - began < 1


def test_words_beside_a_long_run_are_read(ask):
    assert ask("task", "a" * 1000 + " 71.2 % on ImageNet " + "9" * 1000).answer == "yes"


def test_a_scope_finds_its_names_and_no_others():
    text = "# One\nINT8 on ImageNet.\n\n# Two\nFP8 on COCO.\n"
    whole = Reading(read_text(text, "card.md"))
    scoped = whole.scoped(((text.index("# Two"), len(text)),))
    assert [one.name for one in scoped.of("dataset")] == ["COCO"]
    assert [one.name for one in whole.of("dataset")] == ["ImageNet", "COCO"]


def test_a_quote_holds_no_tag_at_its_ends():
    for name, item in items(Reading(read_text(PAGE, "page.html"))).items():
        for quote in item.quotes:
            assert not set("<>{}") & set(quote.text), (name, quote.text)


def test_a_quote_holds_no_marks_of_a_heading_or_a_list(ask):
    quotes = ask("model_quantized", "# Sample-Net-7B GPTQ 4-bit\n\n- weights\n").quotes
    assert [quote.text for quote in quotes] == ["Sample-Net-7B GPTQ 4-bit"]


def test_words_come_before_code(ask):
    text = '```python\nprint("int4 loses 30%")\n```\n\nResNet50 in INT8 with TensorRT.\n'
    item = ask("model_quantized", text)
    assert item.quotes[0].text.startswith("ResNet50 in INT8")
