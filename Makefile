# Humus: `make run` and `make test` need Python 3.11 or newer and make, nothing else.

PORT ?= 8000
PYTHON ?=
# Without a key of Stripe's, a stand-in takes the payments of `make run`; this is all that it knows.
STAND_IN ?= var/stand-in-$(PORT).json

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
UV := uv==0.13.9
MANAGE := $(BIN)/python manage.py

# A public site with everything it needs, for Django's own check of a deployment.
PRODUCTION := DJANGO_SETTINGS_MODULE=config.settings.production DATABASE_URL=sqlite://:memory: \
  SECRET_KEY=only-for-the-check-of-a-deployment-0123456789-abcdefghijkl SITE_URL=https://humus.example \
  ALLOWED_HOSTS=humus.example EMAIL_URL=smtp://mail.example:25 MEDIA_ROOT=var/media

# The time zone rules are those of the pinned tzdata, whatever the machine holds.
export PYTHONTZPATH :=
# Nothing outside this folder is written.
export UV_CACHE_DIR ?= $(CURDIR)/$(VENV)/cache
export UV_CUSTOM_COMPILE_COMMAND := make lock
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test check bench pictures messages lock format clean

help: ## show what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

$(READY): requirements-dev.lock
	@set -e; \
	python=""; \
	for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    python="$$candidate"; break; \
	  fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Humus needs Python 3.11 or newer and found none. Install it, or say where it is: make PYTHON=/path/to/python3.11" >&2; \
	  exit 1; \
	fi; \
	if [ ! -x $(BIN)/python ] || ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "Making the environment in $(VENV) with $$($$python --version)"; \
	  "$$python" -m venv --clear $(VENV) || { \
	    echo "Python's venv module did not work: on Debian and Ubuntu install the package python3-venv." >&2; exit 1; }; \
	fi; \
	[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet --no-cache-dir --disable-pip-version-check $(UV); \
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock
	@touch $@

# The first port from PORT + 1000 on at which nobody answers.
define FREE_DOOR
import socket
ports = (1024 + ($(PORT) - 24 + number) % 64000 for number in range(1000))
print(next(port for port in ports if socket.socket().connect_ex(("127.0.0.1", port))))
endef
export FREE_DOOR

run: $(READY) ## set everything up and serve the real programme on 127.0.0.1:PORT (8000)
	@$(MANAGE) demo
	@stop() { trap '' INT TERM HUP; kill $$server $$worker $$stand_in 2>/dev/null; wait; }; \
	trap 'stop; exit 0' INT TERM HUP; \
	if [ -z "$$STRIPE_SECRET_KEY" ]; then \
	  door=$$($(BIN)/python -c "$$FREE_DOOR"); \
	  export STRIPE_SECRET_KEY=sk_test_double STRIPE_WEBHOOK_SECRETS=whsec_of_the_stand_in; \
	  export STRIPE_API_BASE=http://127.0.0.1:$$door; \
	  $(BIN)/python -m tests.stripe --port $$door --state "$(STAND_IN)" \
	    --hook http://127.0.0.1:$(PORT)/stripe/webhook/ --secret $$STRIPE_WEBHOOK_SECRETS & stand_in=$$!; \
	fi; \
	$(MANAGE) work & worker=$$!; \
	$(MANAGE) runserver 127.0.0.1:$(PORT) --noreload & server=$$!; \
	wait $$server; status=$$?; stop; exit $$status

test: $(READY) ## the whole suite on SQLite and, beside it, on a PostgreSQL it starts itself; then the browser's
	@beside=$$(mktemp); \
	( trap 'kill $$child 2>/dev/null; exit 143' TERM; \
	  echo "== PostgreSQL"; \
	  $(BIN)/pytest --database=postgresql -m "not browser and not once" -p no:cacheprovider & child=$$!; \
	  wait $$child; postgresql=$$?; \
	  echo "== In the browser, on SQLite"; \
	  $(BIN)/pytest --database=sqlite -m browser -p no:cacheprovider & child=$$!; \
	  wait $$child; test $$? -eq 0 -a $$postgresql -eq 0 ) >"$$beside" 2>&1 & other=$$!; \
	trap 'kill $$other 2>/dev/null; rm -f "$$beside"' EXIT; trap 'exit 130' INT TERM HUP; \
	echo "== SQLite (PostgreSQL and the browser run beside it and are shown after it)"; \
	$(BIN)/pytest --database=sqlite -m "not browser"; sqlite=$$?; \
	wait $$other; beside_it=$$?; \
	cat "$$beside"; \
	test $$sqlite -eq 0 -a $$beside_it -eq 0

CHECKS := style layers types templates migrations deployment translations
check: $(CHECKS:%=check-%) ## style, layers, types, templates, migrations, deployment, translations

.PHONY: $(CHECKS:%=check-%)
check-style: $(READY)
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
check-layers: $(READY)
	PYTHONPATH=.:site $(BIN)/lint-imports --no-cache --no-logo
check-types: $(READY)
	$(BIN)/mypy
check-templates: $(READY)
	$(BIN)/djlint --lint --quiet templates
check-migrations: $(READY)
	DATABASE_URL=sqlite://:memory: $(MANAGE) makemigrations --check --dry-run
check-deployment: $(READY)
	@$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
check-translations: $(READY)
	$(BIN)/python tools/messages.py --check

bench: $(READY) ## figures as ratios, PARTS="sqlite feeds" for some of them; never fails on time
	@$(BIN)/python -m tests.bench $(PARTS)

pictures: $(READY) ## take the pictures of the documentation anew (needs Chromium)
	@$(BIN)/python -m tests.pictures

messages: $(READY) ## bring the French and Spanish catalogues up to date and compile them
	@$(BIN)/python tools/messages.py

lock: $(READY) ## compile both lock files anew from pyproject.toml (UPGRADE=--upgrade for newer versions)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links $(UPGRADE) pyproject.toml --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links $(UPGRADE) pyproject.toml --group dev \
	  --constraint requirements.lock --output-file requirements-dev.lock

format: $(READY) ## let ruff put the Python in order
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

clean: ## throw away the environment and what the site wrote in var/
	rm -rf $(VENV) var
