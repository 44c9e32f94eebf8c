PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS ?= 1

.PHONY: demo test test-all lint docs clean

# The main job: install what the demo needs, run it, print the verdict and the report's path.
demo: $(VENV)/.demo
	@$(BIN)/quantassay run examples/digits/assay.yaml; code=$$?; \
	  if [ $$code -eq 1 ] || [ $$code -eq 3 ]; then \
	    echo "(exit code $$code is the verdict, not a failure of the demo)"; exit 0; fi; exit $$code

# The suite without what takes minutes.
test: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 -m "not long" -q

test-all: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 -q --cov --cov-report=term

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

$(VENV)/.lint: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[test,lint]"
	@touch $@ $(VENV)/.test

clean:
	rm -rf $(VENV) runs
