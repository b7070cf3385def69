"""Settings of the tests: the product's own, in a folder that goes away, with quick passwords."""

import atexit
import os
import shutil
import tempfile

# Never the folder of an installation, whatever the environment says.
os.environ["KOERS_DATA"] = tempfile.mkdtemp(prefix="koers-tests-")
atexit.register(shutil.rmtree, os.environ["KOERS_DATA"], ignore_errors=True)
os.environ.setdefault("KOERS_SECRET_KEY", "of-the-tests-" * 6)

from koers.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# A file, not memory: the writer thread and the streams have connections of their own.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["KOERS_DATA"], "test.sqlite3")}  # noqa: F405

# Tests speak English, the language of the code; tests/test_languages.py looks at the Dutch.
LANGUAGE_CODE = "en"
