"""The product's settings with the floor's addresses."""

from koers.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.floors"
