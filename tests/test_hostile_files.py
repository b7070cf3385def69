"""Files from outside that mean harm: refused within two seconds and a hundred megabytes, with a reason."""

import time
import tracemalloc

import pytest

from koers.kit.located import MAX_BYTES, Refused
from koers.workbook.exchange import read_exchange

HEAD = b"format: koers-workbook/1\nedition: draaiboek\nadministration: {name: x}\nanswers:\n"


def _bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(lines).encode()


HOSTILE = {
    "a bomb of aliases": (_bomb(), "Anchors and aliases"),
    "a merge key": (b"a: &a {b: 1}\nc: {<<: *a}\n", "Anchors and aliases"),
    "a python object": (b"!!python/object/apply:os.system ['touch /tmp/x']\n", "Tags"),
    "a deep nest": (b"a: " + b"[" * 100_000, "nested too deeply"),
    "a deep JSON nest": (b'{"a":' * 100_000, "nested too deeply"),
    "a file that is too large": (b"#" * (MAX_BYTES + 1), "larger than"),
    "a million keys": (HEAD + b"".join(b"  k%d: 1\n" % n for n in range(500_000)), "too many values"),
    "a text of eight megabytes": (HEAD + b"  A.3/why: '" + b"x" * 7_900_000 + b"'\n", "too long"),
    "a list without end": (HEAD + b"  B.4.4/1: {items: [" + b"{name: x}," * 20_000 + b"]}\n", "too long"),
    "bytes that are no text": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10, "not text in UTF-8"),
    "a zip": (b"PK\x03\x04" + b"\x00" * 1000, "not valid YAML or JSON"),
    "a key that is a path": (HEAD + b"  ../../etc/passwd: x\n", "There is no field"),
    "an edition that is a path": (HEAD.replace(b"draaiboek", b"../../../etc"), "There is no edition"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly_and_says_why(name: str) -> None:
    data, reason = HOSTILE[name]
    begun = time.process_time()
    with pytest.raises(Refused) as caught:
        read_exchange(data, "w.yaml")
    took = time.process_time() - begun
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 100_000
    assert took < 2


@pytest.mark.parametrize("name", ["a bomb of aliases", "a million keys", "a list without end"])
def test_a_hostile_file_does_not_fill_the_memory(name: str) -> None:
    tracemalloc.start()
    with pytest.raises(Refused):
        read_exchange(HOSTILE[name][0], "w.yaml")
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100 * 2**20
