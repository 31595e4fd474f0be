# make report · make test · make lab: each sets up what it needs. `make help` lists all.

DATASET ?= demo
AS_OF ?=
PRESET ?=
NOTEBOOKS ?=
OUT ?= reports
FRESH_WITHIN ?=
LAB ?=
PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PANDAS3 := .venv-pandas3
SPARK := .venv-spark
UV_PIN = $(shell sed -n 's/^ *"\(uv==[^"]*\)".*/\1/p' pyproject.toml)
# Without a home that can be written to, what is installed is fetched anew each time.
KEPT_NOWHERE := $(if $(shell [ -w "$$HOME" ] && echo kept),,UV_NO_CACHE=1)
# Kernels start in a third of the time when the packages they import are compiled beforehand.
UV := env -u PYTHONDONTWRITEBYTECODE -u VIRTUAL_ENV UV_COMPILE_BYTECODE=1 $(KEPT_NOWHERE) $(BIN)/uv
FRESH = $(if $(FRESH_WITHIN),--fresh-within "$(FRESH_WITHIN)")
RUN := env -u PYTHONDONTWRITEBYTECODE
# The whole demo is told beside a report of a quarter before, which is made once, of the pages that later ones look back on.
EARLIER = $(if $(filter-out demo,$(DATASET))$(AS_OF)$(PRESET)$(NOTEBOOKS),,2025-09-30)
COMPARED := profiling,segmentation,experiments
PYTEST := -m pytest -n 2 --dist loadfile --no-loadscope-reorder
TESTS := -m "not long and not postgres and not spark" tests --ignore tests/long

.DEFAULT_GOAL := help
.PHONY: help report check lab test test-long test-postgres test-spark renew docs tables glossary gallery calibration words test-pandas3 clean

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16
	@echo "For report and check: DATASET=demo AS_OF=YYYY-MM-DD PRESET=zoho FRESH_WITHIN=31; for report also NOTEBOOKS=churn OUT=reports."

report: $(READY) ## run the notebooks and publish reports/<dataset>/<as_of>/index.html
	@$(if $(EARLIER),[ -e "$(OUT)/demo/$(EARLIER)/index.html" ] || \
		$(RUN) $(BIN)/kehu report --as-of $(EARLIER) --notebooks $(COMPARED) --out "$(OUT)")
	@$(RUN) $(BIN)/kehu report --dataset "$(DATASET)" --as-of "$(AS_OF)" --preset "$(PRESET)" \
		--notebooks "$(NOTEBOOKS)" --out "$(OUT)" $(FRESH)

check: $(READY) ## check a data set and account for its rows, without running a notebook
	@$(RUN) $(BIN)/kehu check --dataset "$(DATASET)" --as-of "$(AS_OF)" --preset "$(PRESET)" $(FRESH)

lab: $(READY) ## open JupyterLab in notebooks/ (LAB="--no-browser --port 8899" passes its options on)
	@$(RUN) $(BIN)/kehu lab $(LAB)

test: $(READY) ## run the tests, and compare the notebooks' marked outputs
	@$(RUN) $(BIN)/python $(PYTEST) --nbval-lax --nbval-current-env $(TESTS) notebooks

test-long: $(READY) ## run the long forms of tests, of which `make test` runs short ones
	@$(RUN) $(BIN)/python $(PYTEST) -m long tests

test-postgres: $(READY) ## run the notebooks in a PostgreSQL server that is started for it, and compare their numbers
	@$(RUN) $(BIN)/python -m pytest -m postgres tests/engines

test-spark: $(READY) $(SPARK)/.ready ## run the notebooks in a Spark that is started for it (needs Java 17), and compare their numbers
	@$(RUN) $(BIN)/python -m pytest -m spark tests/engines

renew: $(READY) ## renew the numbers that the tests compare in notebooks (NOTEBOOKS=churn, or all)
	@$(RUN) $(BIN)/python tests/renew.py "$(NOTEBOOKS)"

docs: $(VENV)/.docs ## build the guide in English and Chinese: docs/_site/index.html
	@for edition in en zh; do \
		$(RUN) $(BIN)/python -m sphinx -q -W --keep-going -t $$edition -d docs/_site/.read/$$edition docs docs/_site/$$edition || exit 1; \
	done
	@cp docs/theme/editions.html docs/_site/index.html
	@echo docs/_site/index.html

glossary: $(READY) ## write the guide's glossary anew, from docs/glossary.toml and the catalogue
	@$(RUN) $(BIN)/python tests/glossary.py

gallery: report ## renew the pictures of the guide's gallery, from the report of the demo (needs a browser)
	@$(RUN) $(BIN)/python tests/gallery.py "$(OUT)/demo/latest"

tables: $(READY) ## write docs/tables.md anew: what the tables of a report hold
	@$(RUN) $(BIN)/python tests/tables.py

calibration: $(READY) ## try how often the claims of pages are wrong, and write docs/methods/calibration.md anew; CLAIMS=lift
	@$(RUN) $(BIN)/python tests/calibration.py $(CLAIMS)

words: $(READY) ## take the sentences of code and notebooks into the catalogues of other languages
	@$(RUN) $(BIN)/python tests/catalogue.py

test-pandas3: $(PANDAS3)/.ready ## run the tests with pandas 3, in an environment of its own
	@$(RUN) $(PANDAS3)/bin/python $(PYTEST) $(TESTS)

clean: ## remove the environments and what was prepared from raw data; reports, the key of pseudonyms and who was erased stay
	rm -rf $(VENV) $(PANDAS3) $(SPARK)
	@[ ! -d data/prepared ] || find data/prepared -mindepth 1 -maxdepth 1 ! -name pseudonym.key ! -name erased -exec rm -rf {} +

$(READY): pyproject.toml uv.lock | $(BIN)/uv
	@echo "Installing the locked packages into $(VENV) (a few minutes the first time) …"
	@$(UV) sync --frozen
	@touch $@

$(VENV)/.docs: $(READY)
	@echo "Installing what builds the guide into $(VENV) …"
	@$(UV) sync --frozen --group docs
	@touch $@

# Spark's own package, of the name of its client, which the locked packages have.
$(SPARK)/.ready: pyproject.toml | $(READY)
	@echo "Installing Spark into $(SPARK) (400 MB) …"
	@$(UV) venv --quiet --clear --python $(BIN)/python $(SPARK)
	@$(UV) pip install --quiet --python $(SPARK) "pyspark>=4,<5"
	@touch $@

$(BIN)/uv:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or later." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$$($(PYTHON) -V) is too old: Kehu needs Python 3.11 or later (make … PYTHON=python3.12)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$(UV_PIN)"

# lifelines asks for pandas < 3 but runs on it; so pandas is put in after the locked packages, against that wish.
$(PANDAS3)/.ready: pyproject.toml uv.lock | $(READY)
	@echo "Installing the locked packages with pandas 3 into $(PANDAS3) …"
	@env UV_PROJECT_ENVIRONMENT=$(PANDAS3) $(UV) sync --frozen --python $(BIN)/python
	@$(UV) pip install --python $(PANDAS3)/bin/python --no-deps "pandas>=3,<4"
	@touch $@
