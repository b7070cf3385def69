"""A merge of long texts is quick. A machine may be busy: only work of another order breaks these bounds."""

import random
import time
from collections.abc import Callable

import pytest

from koers.kit.richtext import clean, merge
from koers.kit.richtext.build import cleaned
from koers.kit.tests.texts import DUTCH


def _long(seed: int) -> list[str]:
    chance, known = random.Random(seed), DUTCH.split()
    return [chance.choice(known) for _word in range(9_500)]


def _edited_long(text: list[str], seed: int) -> list[str]:
    edited = list(text)
    for place in random.Random(seed).sample(range(len(text)), 3):
        edited[place] = f"nieuw{seed} {edited[place]}"
    return edited


_SHAPES = {
    "one paragraph": lambda text: f"<p>{' '.join(text)}</p>",
    "lines": lambda text: f"<p>{'<br>'.join(' '.join(text[at : at + 8]) for at in range(0, len(text), 8))}</p>",
    "words": lambda text: "".join(f"<p>{word}</p>" for word in text[:4_700]),
    "a list": lambda text: f"<ul>{''.join(f'<li><p>{word}</p></li>' for word in text[:2_700])}</ul>",
    "marks": lambda text: f"<p>{' '.join(f'<b>{word}</b> en' for word in text[:2_700])}</p>",
}


def _took(work: Callable[[], object]) -> float:
    begin = time.thread_time()
    work()
    return time.thread_time() - begin


def _times_cleaning(work: Callable[[], object]) -> float:
    """How long work takes, in times that cleaning a long text takes on this machine at this moment."""
    text = _SHAPES["one paragraph"](_long(9))
    before, taken, after = _took(lambda: cleaned(text)), _took(work), _took(lambda: cleaned(text))
    return taken / max(before, after)


def _once_within(bound: float, shape: str, texts_of: Callable[[int], list[list[str]]]) -> bool:
    """Whether one of three goes is quick, each with texts of its own: what disturbs one does not disturb all."""

    def go(number: int) -> float:
        texts = [clean(_SHAPES[shape](each)) for each in texts_of(number)]
        return _times_cleaning(lambda: merge(*texts))

    return any(go(number) < bound for number in range(3))


def _small_edits(number: int) -> list[list[str]]:
    base = _long(10 * number)
    return [base, _edited_long(base, 10 * number + 1), _edited_long(base, 10 * number + 2)]


def _quite_different(number: int) -> list[list[str]]:
    return [_long(10 * number + seed) for seed in range(3)]


@pytest.mark.parametrize("shape", _SHAPES)
def test_small_edits_of_a_long_text_are_quick(shape: str) -> None:
    assert _once_within(40, shape, _small_edits)


@pytest.mark.parametrize("shape", ["one paragraph", "words", "a list"])
def test_three_quite_different_long_texts_are_bearable(shape: str) -> None:
    assert _once_within(400, shape, _quite_different)
