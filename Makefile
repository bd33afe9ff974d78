PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test check

demo: $(READY)
	$(BIN)/rolebook build
	$(BIN)/rolebook ask "Which roles own drift monitoring?"

test: $(READY)
	$(BIN)/pytest

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest

# torch comes first, alone, so that its wheel is the one that the constraints name
$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install torch==2.13.0 -c constraints.txt
	$(BIN)/python -m pip install -e '.[dev]' -c constraints.txt
	touch $@
