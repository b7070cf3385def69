"""The product in a real Chromium, before a real server: `.venv/bin/python -m pytest -m browser -n 2 tests/browser`."""
