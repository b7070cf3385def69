"""The OpenAPI schema as a page reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_METHODS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Part:
    """One thing that is sent or comes back: its name, its type, whether it must be there."""

    name: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    asked: tuple[Part, ...]
    sent: tuple[Part, ...]
    files: tuple[str, ...]
    given: tuple[Part, ...]
    is_list: bool
    statuses: tuple[int, ...]


@dataclass(frozen=True)
class Group:
    title: str
    operations: tuple[Operation, ...]


def groups_of(schema: Mapping[str, Any]) -> list[Group]:
    """The operations by what they are about, in the order of the schema."""
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method in _METHODS:
            if method in methods:
                said = methods[method]
                found.setdefault(said.get("tags", [""])[0], []).append(_operation(schema, path, method, said))
    return [Group(title, tuple(operations)) for title, operations in found.items()]


def _operation(schema: Mapping[str, Any], path: str, method: str, said: Mapping[str, Any]) -> Operation:
    body = said.get("requestBody", {}).get("content", {})
    sent = body.get("application/json", {}).get("schema", {})
    success: Mapping[str, Any] = next((each for status, each in said["responses"].items() if int(status) < 300), {})
    given = success.get("content", {}).get("application/json", {}).get("schema", {})
    given = _resolved(schema, given)
    items = given.get("properties", {}).get("items", {})
    is_list = "next" in given.get("properties", {})
    is_file = len(body) > 1
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        description=said.get("description", ""),
        asked=tuple(
            Part(each["name"], _type(schema, each["schema"]), each.get("required", False),
                 each["schema"].get("description", ""))
            for each in said.get("parameters", ())
        ),
        sent=() if is_file else _parts(schema, sent),
        files=tuple(body) if is_file else (),
        given=_parts(schema, items.get("items", {}) if is_list else given),
        is_list=is_list,
        statuses=tuple(sorted(int(status) for status in said["responses"])),
    )  # fmt: skip


def _resolved(schema: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in given:
        return given
    found: Mapping[str, Any] = schema["components"]["schemas"][given["$ref"].rsplit("/", 1)[1]]
    return found


def _parts(schema: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[Part, ...]:
    told = _resolved(schema, given)
    required = told.get("required", ())
    return tuple(
        Part(name, _type(schema, each), name in required, each.get("description", ""))
        for name, each in told.get("properties", {}).items()
    )


def _type(schema: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """In a word or two what something is."""
    if "anyOf" in given:
        return " | ".join(dict.fromkeys(_type(schema, each) for each in given["anyOf"]))
    told = _resolved(schema, given)
    if "enum" in told:
        return " | ".join(map(str, told["enum"]))
    if told.get("type") == "array":
        return f"[{_type(schema, told.get('items', {}))}]"
    if "$ref" in given:
        return str(given["$ref"].rsplit("/", 1)[1].removesuffix("Out").removesuffix("In"))
    return str(told.get("format") or told.get("type") or "any")
