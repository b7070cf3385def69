"""One truth for words on every database: what counts as a word, its forms, and what a searcher asked."""

import functools
import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import snowballstemmer

MAX_ASKED: Final = 200
MAX_TERMS: Final = 16
MAX_WORD: Final = 64
# What PostgreSQL takes in one index row is 1 MB; nobody looks for the last word of a text this long.
MAX_INDEXED: Final = 300_000

# Words that say nothing by themselves; of Dutch, and those of English that are no Dutch word with a meaning.
_STOP: Final = """
    aan al alles als altijd andere ben bent bij d daar dan dat de der deze die dit doch doen door dus een eens en er
    ge geen geweest haar had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je jij jou jouw jullie
    kan kon kunnen maar me meer men met mij mijn moet n na naar niet niets nog nu of om omdat onder ons onze ook op
    over reeds s t te tegen toch toen tot u uit uw van veel voor want waren was wat we wel werd wezen wie wij wil worden
    wordt zal ze zelf zich zij zijn zo zonder zou
    a an and are as at be been by for from has have how i if it its my no not on or our so that the their them there
    these they this those to were what when where which who will with you your
"""
STOP_WORDS: Final = frozenset(_STOP.split())

# Combining marks stay in the word that they stand on.
_WORD: Final = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_PLAIN: Final = re.compile(r"[^\W_]+")
_ASKED: Final = re.compile(r'["“”„‟«»]([^"“”„‟«»]*)["“”„‟«»]|([^"“”„‟«»]+)')

_IRREGULAR: Final = {"steden": "stad", "leden": "lid"}

# A stemmer keeps its word in itself: one word at a time.
_stemming = threading.Lock()
_dutch = [snowballstemmer.stemmer("dutch_porter"), snowballstemmer.stemmer("dutch")]
_english = snowballstemmer.stemmer("english")


def fold(text: str) -> str:
    """Without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char)).casefold()


@dataclass(frozen=True, slots=True)
class Form:
    """One word: as it is compared, and the forms under which it is found. Without forms it does not count.

    `beginning` is what a longer word may begin with to be found as well: “burger” finds “burgerparticipatie”.
    """

    plain: str
    forms: tuple[str, ...] = ()
    beginning: str = ""

    def matches(self, other: "Form") -> bool:
        """Whether both are forms of one word."""
        return self.plain == other.plain or not set(self.forms).isdisjoint(other.forms)

    def finds(self, other: "Form") -> bool:
        """Whether who looks for this word finds the other: a form of it, or a word that begins with it."""
        if not self.forms or not other.forms:
            return False
        if self.matches(other):
            return True
        return bool(self.beginning) and any(form.startswith(self.beginning) for form in other.forms)


@functools.lru_cache(maxsize=50_000)
def _forms(word: str) -> tuple[Form, ...]:
    """The word of a text, folded; a sign that folds into several words (½) is several."""
    pieces = _PLAIN.findall(fold(word))
    if len(pieces) == 1:
        return (_form(pieces[0][:MAX_WORD], unicodedata.normalize("NFC", word.casefold())[:MAX_WORD]),)
    return tuple(_form(piece[:MAX_WORD], piece[:MAX_WORD]) for piece in pieces)


def _form(plain: str, accented: str) -> Form:
    if plain in STOP_WORDS or (len(plain) == 1 and plain.isascii() and plain.isalpha()):
        return Form(plain)
    if not plain.isalpha():
        return Form(plain, (plain,), plain if len(plain) > 2 else "")
    stems = [fold(stem) for stem in _stems(_singular(accented))]
    kept = [stem for stem in stems if len(stem) > 2 and stem.isalpha() and stem not in STOP_WORDS]
    return Form(plain, tuple(dict.fromkeys([plain, *kept])), _beginning(plain, stems[0]))


def _singular(word: str) -> str:
    """Plurals that the stemmers do not know."""
    if word.endswith("ën"):
        return word[:-2] + ("e" if word.endswith("iën") else "")
    return _IRREGULAR.get(word, word)


def _stems(word: str) -> list[str]:
    """Two stemmers of Dutch, for each knows forms that the other does not; and one of English."""
    with _stemming:
        # Of “gemeente” the second would make “meen”: it takes the first letters for those of a participle.
        dutch = [each.stemWord(word) for each in (_dutch[:1] if word.startswith("gemeent") else _dutch)]
        return [*dutch, _english.stemWord(word)]


def _beginning(plain: str, stem: str) -> str:
    """The word, or what is left of it without its ending when that is long enough to say something.

    Of “loketten” and “burgers” the ending may go; of a word on -es the s stays.
    """
    ending = plain[len(stem) :]
    if len(stem) > 3 and plain.startswith(stem) and (len(ending) > 1 or (ending == "s" and stem[-1] in "lnr")):
        return stem
    return plain if len(plain) > 2 else ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands in a text."""

    start: int
    end: int
    form: Form


def words_of(text: str) -> Iterator[Word]:
    """The words of a text, in order."""
    for found in _WORD.finditer(text):
        for form in _forms(found[0]):
            yield Word(found.start(), found.end(), form)


def forms_of(text: str) -> list[Form]:
    """The words of a text, in order, without where they stand."""
    return [form for word in _WORD.findall(text) for form in _forms(word)]


def stems_of(text: str) -> str:
    """What the index keeps of a text: every form of every word that counts, between spaces."""
    kept: list[str] = []
    room = MAX_INDEXED
    for found in _WORD.finditer(text):
        for form in _forms(found[0]):
            kept += form.forms
            room -= sum(len(each.encode()) + 1 for each in form.forms) if len(text) > 20_000 else 0
        if room < 0:
            break
    return " ".join(kept)


@dataclass(frozen=True)
class Question:
    """What somebody looks for: every term, and phrases whose words stand side by side."""

    text: str
    terms: tuple[Form, ...]
    phrases: tuple[tuple[Form, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.terms)

    def held_by(self, text: str) -> bool:
        """Whether a text that holds every term holds the phrases too."""
        if not self.phrases:
            return True
        forms = forms_of(text)
        plains = [form.plain for form in forms]
        distinct = dict(zip(plains, forms, strict=True))
        return all(_stands_in(phrase, plains, distinct) for phrase in self.phrases)


def _stands_in(phrase: tuple[Form, ...], plains: list[str], distinct: dict[str, Form]) -> bool:
    wanted = [{plain for plain, form in distinct.items() if asked.matches(form)} for asked in phrase]
    if not all(wanted):
        return False
    starts = (at for at, plain in enumerate(plains[: len(plains) - len(phrase) + 1]) if plain in wanted[0])
    return any(all(plains[at + step] in words for step, words in enumerate(wanted)) for at in starts)


def question(text: str) -> Question:
    """Read what was typed. Signs have no meaning but quotation marks around words."""
    text = " ".join(text.split())[:MAX_ASKED]
    terms: dict[str, Form] = {}
    phrases = []
    for quoted, plain in _ASKED.findall(text):
        forms = [word.form for word in words_of(quoted or plain)]
        terms |= {form.plain: form for form in forms if form.forms}
        if quoted and len(forms) > 1 and any(form.forms for form in forms):
            phrases.append(tuple(forms))
    return Question(text, tuple(terms.values())[:MAX_TERMS], tuple(phrases))


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a passage; `hit` when it is a word that was looked for."""

    text: str
    hit: bool


def passage(text: str, asked: Question, length: int = 160) -> tuple[Piece, ...]:
    """Some `length` characters around the first word that was looked for, in pieces."""
    text = " ".join(text.split())
    hits = [word for word in words_of(text) if any(term.finds(word.form) for term in asked.terms)]
    first = hits[0].start if hits else 0
    begin = 0 if first <= length // 3 else text.rfind(" ", 0, first - length // 4) + 1
    end = len(text)
    if end > begin + length + 20:
        end = max(text.rfind(" ", begin, begin + length), min(hits[0].end if hits else 0, begin + length + MAX_WORD))
        end = end if end > begin else begin + length
    pieces = [Piece("… ", False)] if begin else []
    at = begin
    for word in hits:
        if word.start < at or word.end > end:
            continue
        pieces += [Piece(text[at : word.start], False), Piece(text[word.start : word.end], True)]
        at = word.end
    pieces += [Piece(text[at:end], False), Piece(" …" if end < len(text) else "", False)]
    return tuple(piece for piece in pieces if piece.text)
