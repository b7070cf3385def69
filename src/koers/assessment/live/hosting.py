"""A host's deed as the console sends it: reads the JSON or the form, and calls the verb."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from koers.assessment.actions import ideas, workshops
from koers.assessment.models import Workshop
from koers.organisations.models import User


class UnreadableDeed(ValueError):
    """What was sent is not a deed."""


class Asked:
    """What was sent, with every part read as what it should be. Raises `UnreadableDeed`."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def text(self, name: str) -> str:
        value = self.given.get(name, "")
        if value is None:
            return ""
        if not isinstance(value, str):
            raise UnreadableDeed(name)
        return value

    def number(self, name: str) -> int:
        value = self.given.get(name)
        if isinstance(value, str) and value.isdecimal() and len(value) < 16:
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 10**15:
            raise UnreadableDeed(name)
        return value

    def maybe(self, name: str) -> int | None:
        value = self.given.get(name)
        return None if value is None or value == "" else self.number(name)

    def flag(self, name: str) -> bool:
        value = self.given.get(name)
        if isinstance(value, str):
            return value in {"true", "1", "yes", "on"}
        if not isinstance(value, bool):
            raise UnreadableDeed(name)
        return value

    def numbers(self, name: str) -> list[int]:
        value = self.given.get(name)
        if not isinstance(value, list) or not 0 < len(value) <= 1000:
            raise UnreadableDeed(name)
        return [Asked({"n": each}).number("n") for each in value]


Verb = Callable[[Workshop, User, Asked, int | None], object]

_DEEDS: Final[dict[str, Verb]] = {
    "open": lambda workshop, actor, asked, version: workshops.open_workshop(workshop, actor, version),
    "next": lambda workshop, actor, asked, version: workshops.go_on(workshop, actor, version),
    "go": lambda workshop, actor, asked, version: workshops.go_to(
        workshop, actor, asked.maybe("step"), asked.text("question"), version
    ),
    "vote": lambda workshop, actor, asked, version: workshops.start_vote(workshop, actor, version),
    "reveal": lambda workshop, actor, asked, version: workshops.reveal(workshop, actor, version),
    "again": lambda workshop, actor, asked, version: workshops.vote_again(workshop, actor, version),
    "agree": lambda workshop, actor, asked, version: workshops.agree(
        workshop, actor, asked.given.get("value"), reason=asked.text("reason"), arguments_for=asked.text("for"),
        arguments_against=asked.text("against"), version=version,
    ),
    "skip": lambda workshop, actor, asked, version: workshops.skip(workshop, actor, version),
    "timer": lambda workshop, actor, asked, version: workshops.set_timer(
        workshop, actor, asked.number("seconds"), version
    ),
    "pause": lambda workshop, actor, asked, version: workshops.pause_timer(workshop, actor, version),
    "resume": lambda workshop, actor, asked, version: workshops.resume_timer(workshop, actor, version),
    "stop-timer": lambda workshop, actor, asked, version: workshops.stop_timer(workshop, actor, version),
    "door": lambda workshop, actor, asked, version: workshops.set_door(workshop, actor, asked.flag("open"), version),
    "new-code": lambda workshop, actor, asked, version: workshops.renew_code(workshop, actor, version),
    "idea": lambda workshop, actor, asked, version: ideas.add_idea(
        workshop, actor, asked.text("text"), asked.text("kind"), version
    ),
    "merge": lambda workshop, actor, asked, version: ideas.merge_ideas(
        workshop, actor, asked.numbers("ids"), asked.number("into"), version
    ),
    "unmerge": lambda workshop, actor, asked, version: ideas.unmerge_idea(
        workshop, actor, asked.number("id"), version
    ),
    "hide": lambda workshop, actor, asked, version: ideas.hide_idea(
        workshop, actor, asked.number("id"), asked.flag("hidden"), version
    ),
    "reword": lambda workshop, actor, asked, version: ideas.reword_idea(
        workshop, actor, asked.number("id"), asked.text("text"), version
    ),
    "show-ranking": lambda workshop, actor, asked, version: workshops.show_ranking(workshop, actor, version),
    "place": lambda workshop, actor, asked, version: ideas.place_ideas(workshop, actor, asked.numbers("ids"), version),
    "end": lambda workshop, actor, asked, version: workshops.end_workshop(workshop, actor, version),
}  # fmt: skip


def do(workshop: Workshop, given: Any, actor: User) -> None:
    """Do what a console asks. Raises `UnreadableDeed`, or `DeedRefused` (`OutOfStep`) with a sentence."""
    if not isinstance(given, Mapping):
        raise UnreadableDeed("deed")
    asked = Asked(given)
    verb = _DEEDS.get(asked.text("deed"))
    if verb is None:
        raise UnreadableDeed("deed")
    verb(workshop, actor, asked, asked.maybe("v"))


def unreadable() -> str:
    return _("This could not be read. Reload the page and try again.")
