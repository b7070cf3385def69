"""From the files of an edition to its structure; every mistake becomes a `Problem` with file and line."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast, get_args

from django.utils.translation import gettext as _

from koers.editions import structure as s
from koers.kit.located import Located, Problem, Refused, read
from koers.kit.located import Path as Where

FORMAT = "koers-edition/1"

_FIELD_KEYS = {
    "key", "name", "kind", "options", "extra", "rows", "columns", "scoring", "descending", "remark", "own",
}  # fmt: skip
_TEXT_KEYS = {"label", "short", "help", "placeholder", "options", "extra", "rows", "columns", "remark"}
_SECTION_TEXTS = {
    "section", "title", "summary", "why", "how", "example", "sources", "seeds", "reference", "blocks", "groups",
    "fields",
}  # fmt: skip


class Reader:
    """Reads the files of one folder and collects what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.files: dict[str, Located] = {}

    def file(self, name: str) -> Located:
        """A parsed file; an empty one, with a problem noted, when it cannot be read."""
        if name not in self.files:
            try:
                located = read((self.folder / name).read_bytes(), name)
            except FileNotFoundError:
                self.problems.append(Problem(_("The file is missing."), 0, name))
                located = Located({}, {}, name)
            except Refused as refused:
                self.problems.extend(refused.problems)
                located = Located({}, {}, name)
            if not isinstance(located.value, dict):
                self.problems.append(Problem(_("The file must be a mapping."), 1, name))
                located = Located({}, {}, name)
            self.files[name] = located
        return self.files[name]

    def wrong(self, located: Located, where: Where, message: str) -> None:
        self.problems.append(located.problem(where, message))

    def only(self, located: Located, where: Where, given: Mapping[str, Any], known: Iterable[str]) -> None:
        """Note every key that the format does not know."""
        for key in given:
            if key not in known:
                self.wrong(located, (*where, key), _("Unknown key “%(key)s”.") % {"key": key})

    def mapping(self, located: Located, where: Where, value: Any) -> dict[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(located, where, _("This must be a mapping."))
            return {}
        return value

    def items(self, located: Located, where: Where, value: Any) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(located, where, _("This must be a list."))
            return []
        return value

    def text(self, located: Located, where: Where, value: Any) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(located, where, _("This must be text; put it between quotes."))
            return str(value)
        return value.strip()


def _dig(value: Any, where: Where) -> Any:
    for step in where:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


class Texts:
    """The texts of one file name in every language of the edition."""

    def __init__(self, reader: Reader, languages: list[str], name: str) -> None:
        self.reader = reader
        self.files = {language: reader.file(f"{language}/{name}") for language in languages}

    def words(self, *places: Where, needed: bool = False) -> s.Words:
        """The text at the first of some places that has it, in each language."""
        found = s.Words()
        for language, located in self.files.items():
            for place in places:
                value = _dig(located.value, place)
                if value is not None:
                    found[language] = self.reader.text(located, place, value)
                    break
            else:
                if needed and located.value:
                    message = _("The text “%(key)s” is missing.") % {"key": "/".join(map(str, places[-1]))}
                    self.reader.wrong(located, places[-1][:-1], message)
        if any(found.values()) and not needed:
            for language, located in self.files.items():
                if not found.get(language) and located.value:
                    message = _("The text “%(key)s” is there in another language, not in this one.")
                    self.reader.wrong(located, places[-1][:-1], message % {"key": "/".join(map(str, places[-1]))})
        return found

    def lengths(self, name: str) -> dict[str, int]:
        """Per language, how many items the list of this name has."""
        return {
            language: len(self.reader.items(located, (name,), located.value.get(name)))
            for language, located in self.files.items()
        }

    def several(self, *places: Where, count: int | None = None) -> tuple[s.Words, ...]:
        """Texts in order, as many as `count` (or as the first language has)."""
        each = {
            language: next(
                ((place, value) for place in places if isinstance(value := _dig(located.value, place), list)),
                (places[-1], []),
            )
            for language, located in self.files.items()
        }
        wanted = count if count is not None else max((len(value) for _place, value in each.values()), default=0)
        for language, (place, value) in each.items():
            located = self.files[language]
            if len(value) != wanted and located.value:
                message = _("There must be %(wanted)s texts here; there are %(found)s.")
                self.reader.wrong(located, place, message % {"wanted": wanted, "found": len(value)})
        return tuple(
            s.Words(
                {
                    language: self.reader.text(self.files[language], (*place, index), value[index])
                    for language, (place, value) in each.items()
                    if index < len(value)
                }
            )
            for index in range(wanted)
        )


def _checked(reader: Reader, located: Located, where: Where, value: Any, allowed: Iterable[Any]) -> Any:
    allowed = tuple(allowed)
    if value not in allowed:
        message = _("“%(value)s” is not one of: %(allowed)s.")
        shown = ", ".join(str(each) for each in allowed if each is not None)
        reader.wrong(located, where, message % {"value": value, "allowed": shown})
        return allowed[0]
    return value


class _SectionReader:
    """One section: its structure and its texts, side by side."""

    def __init__(self, reader: Reader, languages: list[str], section_id: str, part_id: str) -> None:
        self.reader = reader
        self.id = section_id
        self.part = part_id
        self.located = reader.file(f"sections/{section_id}.yaml")
        self.texts = Texts(reader, languages, f"{section_id}.yaml")
        self.seen: set[str] = set()

    def section(self) -> s.Section:
        structure = self.located.value
        self.reader.only(self.located, (), structure, {"section", "blocks"})
        if structure and structure.get("section") != self.id:
            self.reader.wrong(self.located, ("section",), _("This must be “%(id)s”.") % {"id": self.id})
        blocks = self.reader.items(self.located, ("blocks",), structure.get("blocks"))
        built = tuple(self.block(("blocks", index), block) for index, block in enumerate(blocks))
        self.check_texts(built)
        text = self.texts.words
        return s.Section(
            id=self.id,
            part=self.part,
            title=text(("title",), needed=True),
            summary=text(("summary",), needed=True),
            why=text(("why",), needed=True),
            how=text(("how",), needed=True),
            example=text(("example",), needed=True),
            seeds=text(("seeds",), needed=True),
            sources=tuple(self.source(index) for index in range(self.count("sources"))),
            reference=tuple(
                s.Reading(
                    text(("reference", index, "title"), needed=True), text(("reference", index, "body"), needed=True)
                )
                for index in range(self.count("reference"))
            ),
            blocks=built,
        )

    def count(self, name: str) -> int:
        """How many items a list of texts has: the same in every language."""
        return max(self.texts.lengths(name).values(), default=0)

    def source(self, index: int) -> s.Source:
        text = self.texts.words
        return s.Source(
            title=text(("sources", index, "title"), needed=True),
            publisher=text(("sources", index, "publisher")),
            note=text(("sources", index, "note")),
            url=text(("sources", index, "url")),
        )

    def block(self, where: Where, given: Any) -> s.Block:
        block = self.reader.mapping(self.located, where, given)
        self.reader.only(self.located, where, block, {"block", "layout", "groups", "fields", "total"})
        block_id = str(block.get("block", ""))
        layout = _checked(self.reader, self.located, (*where, "layout"), block.get("layout", "list"), ("list", "grid"))
        groups = [str(each) for each in self.reader.items(self.located, (*where, "groups"), block.get("groups"))]
        fields: list[s.Field] = []
        given_fields = self.reader.items(self.located, (*where, "fields"), block.get("fields"))
        for group in groups if layout == "grid" else [""]:
            for index, each in enumerate(given_fields):
                fields.append(self.field((*where, "fields", index), each, block_id, group))
        return s.Block(
            id=block_id,
            layout=layout,
            title=self.texts.words(("blocks", block_id, "title"), needed=True),
            intro=self.texts.words(("blocks", block_id, "intro")),
            fields=tuple(fields),
            groups=tuple(
                s.Group(
                    group,
                    self.texts.words(("groups", group, "title"), needed=True),
                    self.texts.words(("groups", group, "description")),
                )
                for group in groups
            ),
            total=block.get("total"),
        )

    def field(self, where: Where, given: Any, block_id: str, group: str) -> s.Field:
        reader, located = self.reader, self.located
        field = reader.mapping(located, where, given)
        reader.only(located, where, field, _FIELD_KEYS)
        name = str(field.get("name", ""))
        key = f"{self.id}/{group}/{name}" if group else str(field.get("key", ""))
        if not key.startswith(f"{self.id}/") or key in self.seen:
            reader.wrong(located, where, _("The key “%(key)s” is not of this section, or double.") % {"key": key})
        self.seen.add(key)
        kind = _checked(reader, located, (*where, "kind"), field.get("kind"), get_args(s.Kind))
        scoring = _checked(reader, located, (*where, "scoring"), field.get("scoring"), (None, *get_args(s.Scoring)))
        extra = _checked(reader, located, (*where, "extra"), field.get("extra"), (None, *get_args(s.Special)))
        count = self.option_count(where, field, needed=kind in {"single", "multi", "matrix"})

        def places(text: str, *more: str | int) -> tuple[Where, ...]:
            whole: Where = ("fields", key, text, *more)
            return (whole, ("fields", name, text, *more)) if group else (whole,)

        words = self.texts.words
        return s.Field(
            key=key,
            section=self.id,
            block=block_id,
            kind=cast(s.Kind, kind),
            name=name or key.rpartition("/")[2],
            group=group,
            own=bool(field.get("own", False)),
            options=self.texts.several(*places("options"), count=count) if count else (),
            extra=extra,
            extra_label=words(*places("extra"), needed=True) if extra else s.Words(),
            scoring=scoring,
            descending=bool(field.get("descending", False)),
            remark=bool(field.get("remark", False)),
            remark_label=words(*places("remark")),
            rows=tuple(
                s.Row(str(row), words(*places("rows", str(row)), needed=True))
                for row in reader.items(located, (*where, "rows"), field.get("rows"))
            ),
            columns=tuple(
                self.column((*where, "columns", index), column, places)
                for index, column in enumerate(reader.items(located, (*where, "columns"), field.get("columns")))
            ),
            label=words(*places("label"), needed=True),
            short=words(*places("short"), needed=True),
            help=words(*places("help")),
            placeholder=words(*places("placeholder")),
        )

    def option_count(self, where: Where, given: Mapping[str, Any], *, needed: bool) -> int:
        count = given.get("options", 0)
        if not isinstance(count, int) or isinstance(count, bool) or (needed and count < 2) or count > 30:
            self.reader.wrong(self.located, (*where, "options"), _("“options” must be a number from 2 to 30."))
            return 0
        return count

    def column(self, where: Where, given: Any, places: Any) -> s.Column:
        column = self.reader.mapping(self.located, where, given)
        self.reader.only(self.located, where, column, {"column", "kind", "options"})
        column_id = str(column.get("column", ""))
        kind = _checked(self.reader, self.located, (*where, "kind"), column.get("kind"), get_args(s.ColumnKind))
        count = self.option_count(where, column, needed=kind == "choice")
        return s.Column(
            id=column_id,
            kind=cast(s.ColumnKind, kind),
            label=self.texts.words(*places("columns", column_id, "label"), needed=True),
            help=self.texts.words(*places("columns", column_id, "help")),
            options=self.texts.several(*places("columns", column_id, "options"), count=count) if count else (),
        )

    def check_texts(self, blocks: tuple[s.Block, ...]) -> None:
        """Note texts that belong to nothing: a mistyped key would otherwise be lost silently."""
        names = self.seen | {each.name for block in blocks for each in block.fields if each.group}
        block_ids = {block.id for block in blocks}
        groups = {group.id for block in blocks for group in block.groups}
        for located in self.texts.files.values():
            reader = self.reader
            reader.only(located, (), located.value, _SECTION_TEXTS)
            fields = reader.mapping(located, ("fields",), located.value.get("fields"))
            reader.only(located, ("fields",), fields, names)
            for key, texts in fields.items():
                where: Where = ("fields", key)
                reader.only(located, where, reader.mapping(located, where, texts), _TEXT_KEYS)
            for name, known in (("blocks", block_ids), ("groups", groups)):
                reader.only(located, (name,), reader.mapping(located, (name,), located.value.get(name)), known)


def read_edition(reader: Reader) -> s.Edition | None:
    """Read the whole folder. What is wrong is in ``reader.problems``; the edition is usable only without any."""
    located = reader.file("edition.yaml")
    given = located.value
    reader.only(located, (), given, {"format", "edition", "version", "languages", "default_language", "parts"})
    if given.get("format") != FORMAT:
        reader.wrong(located, ("format",), _("The format must be “%(format)s”.") % {"format": FORMAT})
        return None
    languages = [str(each) for each in reader.items(located, ("languages",), given.get("languages"))]
    default = str(given.get("default_language", ""))
    if default not in languages:
        reader.wrong(located, ("default_language",), _("The default language is not one of the languages."))
    languages.sort(key=lambda language: language != default)
    version = given.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        reader.wrong(located, ("version",), _("The version must be a whole number from 1."))
        version = 1
    texts = Texts(reader, languages, "edition.yaml")
    parts = tuple(
        _part(reader, located, ("parts", index), part, languages, texts)
        for index, part in enumerate(reader.items(located, ("parts",), given.get("parts")))
    )
    _unlisted(reader, {section.id for part in parts for section in part.sections}, languages)
    return s.Edition(
        id=str(given.get("edition", "")),
        version=version,
        languages=tuple(languages),
        title=texts.words(("title",), needed=True),
        subtitle=texts.words(("subtitle",)),
        description=texts.words(("description",), needed=True),
        credit=texts.words(("credit",), needed=True),
        parts=parts,
        vocabulary=_vocabulary(texts),
        twin=s.Twin(
            texts.words(("twin", "title")), texts.words(("twin", "intro")), texts.several(("twin", "attitudes"))
        ),
        note={
            key: texts.words(("note", key))
            for key in sorted({key for each in texts.files.values() for key in (each.value.get("note") or {})})
        },
    )


def _part(reader: Reader, located: Located, where: Where, given: Any, languages: list[str], texts: Texts) -> s.Part:
    part = reader.mapping(located, where, given)
    reader.only(located, where, part, {"part", "sections"})
    part_id = str(part.get("part", ""))
    return s.Part(
        id=part_id,
        title=texts.words(("parts", part_id, "title"), needed=True),
        summary=texts.words(("parts", part_id, "summary"), needed=True),
        arrival=texts.words(("parts", part_id, "arrival"), needed=True),
        sections=tuple(
            _SectionReader(reader, languages, str(section_id), part_id).section()
            for section_id in reader.items(located, (*where, "sections"), part.get("sections"))
        ),
    )


def _vocabulary(texts: Texts) -> tuple[s.Term, ...]:
    count = max(texts.lengths("vocabulary").values(), default=0)

    def also(index: int) -> dict[str, tuple[str, ...]]:
        return {
            language: tuple(
                texts.reader.text(located, ("vocabulary", index, "also"), each)
                for each in _dig(located.value, ("vocabulary", index, "also")) or ()
            )
            for language, located in texts.files.items()
        }

    return tuple(
        s.Term(
            texts.words(("vocabulary", index, "term"), needed=True),
            texts.words(("vocabulary", index, "meaning"), needed=True),
            also(index),
        )
        for index in range(count)
    )


def _unlisted(reader: Reader, listed: set[str], languages: list[str]) -> None:
    """Note files of sections that edition.yaml does not list."""
    for folder in ("sections", *languages):
        for path in sorted((reader.folder / folder).glob("*.yaml")):
            if path.stem not in listed and path.name != "edition.yaml":
                message = _("edition.yaml does not list this section.")
                reader.problems.append(Problem(message, 0, f"{folder}/{path.name}"))
