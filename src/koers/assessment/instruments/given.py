"""What a file of an instrument gives, value by value: checked, with every mistake noted on its line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from koers.editions import structure as s
from koers.editions.reading import Reader
from koers.kit.located import Located
from koers.kit.located import Path as Where

MAX_TEXT: Final = 4_000


@dataclass
class File:
    """One file that is read: its values with their lines, what is wrong so far, and the languages of its texts."""

    reader: Reader
    located: Located
    languages: tuple[str, ...] = ()
    edition: s.Edition | None = None

    def wrong(self, where: Where, message: str, **values: Any) -> None:
        shown = {key: str(value)[:300] for key, value in values.items()}
        self.reader.wrong(self.located, where, message % shown if values else message)

    def only(self, where: Where, given: Mapping[str, Any], known: Iterable[str]) -> None:
        for key in given:
            if key not in known:
                self.wrong((*where, key), _("Unknown key “%(key)s”."), key=key)

    def mapping(self, where: Where, value: Any) -> dict[str, Any]:
        return self.reader.mapping(self.located, where, value)

    def items(self, where: Where, value: Any, most: int) -> list[Any]:
        given = self.reader.items(self.located, where, value)
        if len(given) > most:
            self.wrong(where, _("There are too many here: at most %(limit)s."), limit=most)
        return given[:most]

    def text(self, where: Where, value: Any, limit: int = MAX_TEXT) -> str:
        text = self.reader.text(self.located, where, value)
        if len(text) > limit:
            self.wrong(where, _("This text is too long: at most %(limit)s characters fit."), limit=limit)
        return text[:limit]

    def words(
        self, where: Where, value: Any, *, needed: bool = False, limit: int = MAX_TEXT, bare: bool = False
    ) -> s.Words:
        """A text in every language. Bare text stands for all languages where that is `bare`, or when there is one."""
        if value is None:
            if needed:
                self.wrong(where, _("“%(key)s” is missing."), key=where[-1])
            return s.Words()
        if isinstance(value, str) and (bare or len(self.languages) == 1):
            value = dict.fromkeys(self.languages, value)
        if not isinstance(value, dict):
            languages = ", ".join(self.languages)
            self.wrong(where, _("Give this text in each language: %(languages)s."), languages=languages)
            return s.Words()
        self.only(where, value, self.languages)
        read = s.Words({each: self.text((*where, each), value.get(each), limit) for each in self.languages})
        for language, text in read.items():
            if not text:
                self.wrong(where, _("The text in “%(language)s” is missing."), language=language)
        return read

    def whole(self, where: Where, value: Any, low: int, high: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.wrong(where, _("This must be a whole number from %(low)s to %(high)s."), low=low, high=high)
            return low
        return value

    def truth(self, where: Where, value: Any) -> bool:
        if value is not None and not isinstance(value, bool):
            self.wrong(where, _("This must be true or false."))
        return value is True

    def one_of(self, where: Where, value: Any, allowed: Iterable[str | None]) -> Any:
        known = tuple(allowed)
        if not isinstance(value, str | None) or value not in known:
            shown = ", ".join(each for each in known if each)
            if value is None:
                self.wrong(where, _("“%(key)s” is missing; choose one of: %(allowed)s."), key=where[-1], allowed=shown)
            else:
                self.wrong(where, _("“%(value)s” is not one of: %(allowed)s."), value=value, allowed=shown)
            return known[0]
        return value

    def several_of(self, where: Where, value: Any, allowed: Iterable[str]) -> tuple[str, ...]:
        known = tuple(allowed)
        given = self.items(where, value, len(known) + 10)
        return tuple(dict.fromkeys(self.one_of((*where, index), each, known) for index, each in enumerate(given)))
