import json

import pytest

from quantassay.formats.exported.vetting import Unsafe, made_by, vetted


def of(**fields):
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    "text",
    [
        "Symbol('s31', positive=True, integer=True)",
        "Mul(Integer(2), Symbol('s0', integer=True))",
        "Add(Symbol('u0'), Integer(-1))",
        "Pow(Symbol('s0', positive=True), Integer(2))",
        "FloorDiv(Symbol('s1'), Integer(4))",
        "GreaterThan(Symbol('s1'), Integer(4))",
        "-3",
        "true",
    ],
)
def test_sizes_that_torch_writes_pass(text):
    assert json.loads(vetted(of(sizes=[{"as_expr": {"expr_str": text}}])))


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "Symbol.__class__",
        "Symbol('s0')()",
        "Symbol('s0; x')",
        "Symbol('__class__')",
        "Symbol('s0', positive=print(1))",
        "Symbol('s0', **{})",
        "Symbol(*'s')",
        "Integer(3, evaluate=False)",
        "[x for x in (1,)]",
        "lambda: 1",
        "Pow(Integer(9), Integer(9))",
        "Pow(Symbol('s0'), Integer(99))",
        "Pow(Pow(Symbol('s0'), Integer(3)), Integer(3))",
        "9 ** 9",
        "'text'",
        "1.5",
        "",
        "(" * 300,
        "9" * 40,
        "Integer(1) " * 4000,
    ],
)
def test_other_text_is_no_size(text):
    with pytest.raises(Unsafe, match="the size"):
        vetted(of(sizes=[{"as_expr": {"expr_str": text}}]))


@pytest.mark.parametrize(
    "target",
    ["torch.ops.aten.linear.default", "torch.ops.torchao.quantize_affine.default",
     "_operator.getitem", "torch.sym_max"],
)  # fmt: skip
def test_operators_pass(target):
    assert json.loads(vetted(of(nodes=[{"target": target}])))


@pytest.mark.parametrize(
    "target",
    ["_operator.attrgetter", "_operator.methodcaller", "math.pow", "torch.load", "torch.hub.load",
     "torch.ops.load_library", "torch.ops.aten.linear.__class__.mro", "#ext.op", "anything",
     "torch.ops.aten.from_file.out", "torch.ops.profiler._record_function_enter.default"],
)  # fmt: skip
def test_what_is_looked_up_elsewhere_is_refused(target):
    with pytest.raises(Unsafe, match="the operator"):
        vetted(of(nodes=[{"target": target}]))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"as_graph": {"name": "a"}}, r"a branch or loop \(as_graph\)"),
        ({"as_custom_obj": {"name": "a"}}, "a pickled object"),
        ({"as_operator": "torch.ops.aten.add"}, "an operator given as a value"),
        ({"token": {}}, "an operation with side effects"),
        ({"name": "a\nimport os"}, "the name"),
        ({"name": "é"}, "the name"),
        ({"as_string": "/etc/passwd"}, "the text '/etc/passwd'"),
        ({"as_strings": ["fine", "a\\b"]}, "the text"),
        ({"torch_version": "2.13; rm"}, "the version"),
        ({"in_spec": '[2, {"type": null}]'}, "inputs described in protocol 2"),
        ({"out_spec": "{"}, "a graph that is not readable"),
        ({"in_spec": json.dumps([1, {"type": "collections.namedtuple"}])}, "of the type"),
    ],
)
def test_what_is_not_known_to_be_harmless_is_refused(fields, message):
    with pytest.raises(Unsafe, match=message):
        vetted(of(**fields))


def test_keys_of_a_mapping_are_names():
    tree = {"type": "builtins.dict", "context": json.dumps(["logits", "a b"]), "children_spec": []}
    with pytest.raises(Unsafe, match="the key 'a b'"):
        vetted(of(out_spec=json.dumps([1, tree])))


def test_what_is_not_needed_is_dropped():
    given = {"metadata": {"stack_trace": "import os"}, "guards_code": ["print()"], "name": "x"}
    assert json.loads(vetted(of(**given))) == {"metadata": {}, "guards_code": [], "name": "x"}
    assert json.loads(vetted(of(as_graph=None))) == {"as_graph": None}


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000, b"{" * 9])
def test_what_is_no_json_is_unreadable(text):
    with pytest.raises(Unsafe, match="a graph that is not readable"):
        vetted(text)


def test_the_maker_is_told():
    assert made_by(of(torch_version="2.13.0+cpu")) == "made by torch 2.13.0+cpu"
    assert made_by(of(name="x")) == ""
