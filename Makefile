PYTHON ?= python3
BIN := .venv/bin
PLAIN := .venv/.plain
READY := .venv/.ready

.PHONY: demo test check

demo: $(PLAIN)
	$(BIN)/rolebook build
	$(BIN)/rolebook ask "Which roles own drift monitoring?"

test: $(READY)
	$(BIN)/pytest

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest

# what it takes to run
$(PLAIN): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -e . -c constraints.txt
	touch $@

# and to test, to train and to bring other models; torch comes first, alone, so that its wheel is the one of the constraints
$(READY): $(PLAIN)
	$(BIN)/python -m pip install torch==2.13.0 -c constraints.txt
	$(BIN)/python -m pip install -e '.[dev]' -c constraints.txt
	touch $@
