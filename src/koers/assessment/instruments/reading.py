"""From the file of an instrument (docs/instruments.md) to its structure; every mistake is a `Problem` with its line."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from koers.assessment.instruments.asking import NAME, read_own, read_taken
from koers.assessment.instruments.gates import read_levels
from koers.assessment.instruments.given import File
from koers.assessment.instruments.plain import FORMAT
from koers.assessment.instruments.structure import CUSTOM, Dimension, Instrument, Question
from koers.assessment.instruments.themes import THEMES
from koers.editions import structure as s
from koers.editions.loading import UnknownEdition, edition
from koers.editions.reading import Reader
from koers.kit.located import Path as Where
from koers.kit.located import Problem, Refused, read

MAX_FILE: Final = 1024 * 1024
MAX_DIMENSIONS: Final = 40
MAX_QUESTIONS: Final = 300

_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,62}[a-z0-9]\Z")
_LANGUAGE: Final = re.compile(r"[a-z]{2}\Z")
_TOP: Final = {
    "format", "instrument", "version", "languages", "title", "description", "source", "licence", "url", "edition",
    "dimensions",
}  # fmt: skip
_DIMENSION: Final = {"dimension", "from", "title", "description", "optional", "covers", "questions", "levels"}


def _dimension(file: File, where: Where, raw: Any, seen: dict[str, Where]) -> Dimension:
    given = file.mapping(where, raw)
    file.only(where, given, _DIMENSION)
    name = file.text((*where, "dimension"), given.get("dimension"), 60)
    if not NAME.match(name) or name == CUSTOM:
        file.wrong((*where, "dimension"), _("“%(id)s” is not a name: letters, digits, - . _ only."), id=name)
    section = _section(file, where, given)
    questions: list[Question] = []
    listed = file.items((*where, "questions"), given.get("questions"), MAX_QUESTIONS)
    if section is not None and "questions" not in given:
        questions = read_taken(file, where, {"from": section.id}, name)
    for index, each in enumerate(listed):
        at = (*where, "questions", index)
        question = file.mapping(at, each)
        for read_one in (
            read_taken(file, at, question, name) if "from" in question else [read_own(file, at, question, name)]
        ):
            if read_one.key in seen:
                file.wrong(at, _("The question “%(key)s” stands here a second time."), key=read_one.key)
                continue
            seen[read_one.key] = at
            questions.append(read_one)
    if not questions:
        file.wrong(where, _("A dimension needs at least one question."))
    return Dimension(
        id=name,
        title=file.words(
            (*where, "title"),
            given.get("title", _theirs(file, section.title if section else None)),
            needed=True,
            limit=200,
        ),
        description=file.words(
            (*where, "description"), given.get("description", _theirs(file, section.summary if section else None))
        ),
        questions=tuple(questions),
        levels=read_levels(file, where, given.get("levels"), questions),
        optional=file.truth((*where, "optional"), given.get("optional")),
        covers=file.several_of((*where, "covers"), given.get("covers"), THEMES),
    )


def _section(file: File, where: Where, given: Mapping[str, Any]) -> s.Section | None:
    """The section that a dimension takes its title, its description and, unless it lists them, its questions from."""
    if "from" not in given:
        return None
    name = file.text((*where, "from"), given["from"], 96)
    section = file.edition.sections.get(name) if file.edition else None
    if section is None:
        file.wrong((*where, "from"), _("The edition has no section “%(name)s”."), name=name)
    return section


def _theirs(file: File, words: s.Words | None) -> dict[str, str] | None:
    """A text of the edition, in the languages of the file."""
    return {each: words.say(each) for each in file.languages} if words else None


def _edition(file: File, given: Any) -> s.Edition | None:
    if given is None:
        return None
    wanted = file.mapping(("edition",), given)
    file.only(("edition",), wanted, {"id", "version"})
    name = file.text(("edition", "id"), wanted.get("id"), 64)
    version = file.whole(("edition", "version"), wanted.get("version"), 1, 1_000_000)
    try:
        found = edition(name, version)
    except UnknownEdition as unknown:
        file.wrong(("edition",), str(unknown))
        return None
    except Refused:
        file.wrong(("edition",), _("This edition cannot be used: see `koers edition validate`."))
        return None
    for language in file.languages:
        if language not in found.languages:
            file.wrong(("languages",), _("The edition has no texts in “%(language)s”."), language=language)
    return found


def _languages(file: File, given: Any) -> tuple[str, ...]:
    languages = [each for each in file.items(("languages",), given, 20) if isinstance(each, str)]
    if not languages or any(not _LANGUAGE.match(each) for each in languages) or len(set(languages)) != len(languages):
        file.wrong(("languages",), _("Name the languages of the texts by their two letters, such as: [nl, en]."))
    return tuple(dict.fromkeys(each for each in languages if _LANGUAGE.match(each))) or ("nl",)


def _double_writes(file: File, dimensions: Iterable[Dimension], seen: Mapping[str, Where]) -> None:
    taken_by: dict[str, str] = {}
    for question in (each for dimension in dimensions for each in dimension.questions):
        for target in question.writes.values():
            if target in taken_by:
                message = _("“%(key)s” and “%(other)s” both write to “%(name)s”.")
                file.wrong(seen[question.key], message, key=question.key, other=taken_by[target], name=target)
            taken_by[target] = question.key


def _read(file: File) -> Instrument | None:
    given = file.mapping((), file.located.value)
    if given.get("format") != FORMAT:
        file.wrong(("format",), _("The format must be “%(format)s”."), format=FORMAT)
        return None
    file.only((), given, _TOP)
    name = file.text(("instrument",), given.get("instrument"), 100)
    if not _ID.match(name):
        file.wrong(
            ("instrument",), _("The id of an instrument is small letters, digits and “-”, such as “quick-scan”.")
        )
    file.languages = _languages(file, given.get("languages"))
    file.edition = _edition(file, given.get("edition"))
    url = file.text(("url",), given.get("url"), 500)
    if url and not re.match(r"https?://[^\s<>\"]+\Z", url):
        file.wrong(("url",), _("A web address begins with https://."))
    seen: dict[str, Where] = {}
    read_dimensions: list[Dimension] = []
    for index, each in enumerate(file.items(("dimensions",), given.get("dimensions"), MAX_DIMENSIONS)):
        dimension = _dimension(file, ("dimensions", index), each, seen)
        if dimension.id in {other.id for other in read_dimensions}:
            file.wrong(("dimensions", index), _("The dimension “%(id)s” stands here a second time."), id=dimension.id)
        read_dimensions.append(dimension)
    if not any(not each.optional for each in read_dimensions):
        file.wrong(("dimensions",), _("An instrument needs at least one dimension that is not optional."))
    _double_writes(file, read_dimensions, seen)
    return Instrument(
        id=name,
        version=file.whole(("version",), given.get("version"), 1, 1_000_000),
        languages=file.languages,
        title=file.words(("title",), given.get("title"), needed=True, limit=200),
        description=file.words(("description",), given.get("description")),
        source=file.words(("source",), given.get("source"), needed=True, bare=True),
        licence=file.words(("licence",), given.get("licence"), bare=True),
        url=url,
        edition=(file.edition.id, file.edition.version) if file.edition else None,
        dimensions=tuple(read_dimensions),
    )


def read_instrument(data: bytes, name: str = "") -> Instrument:
    """The instrument in a file. Raises `Refused` with everything that is wrong, in the order of the file."""
    if len(data) > MAX_FILE:
        raise Refused([Problem(_("The file is larger than %(limit)s MB.") % {"limit": MAX_FILE // 2**20}, 0, name)])
    file = File(Reader(Path()), read(data, name))
    instrument = _read(file)
    if file.reader.problems or instrument is None:
        raise Refused(sorted(file.reader.problems, key=lambda problem: problem.line)[:200])
    return instrument
