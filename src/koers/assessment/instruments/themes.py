"""The themes of B.2 by which outcomes of different instruments are set side by side. They never share a scale."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Theme:
    """One thing that instruments look at, each in its own way."""

    id: str
    title: Promise
    description: Promise


THEMES: Final[dict[str, Theme]] = {
    theme.id: theme
    for theme in (
        Theme("strategy", _("Strategy"), _("Goals, planning, money and priority.")),
        Theme("services", _("Service delivery"), _("What residents and companies get, and through which channel.")),
        Theme("processes", _("Processes"), _("How the work goes, and how it gets better.")),
        Theme("data", _("Data"), _("Collecting, sharing and using facts.")),
        Theme("skills", _("Skills"), _("What people know and can do, and how they learn.")),
        Theme("tools", _("Tools and infrastructure"), _("Applications, devices, networks and channels.")),
        Theme("security", _("Security and privacy"), _("Keeping information safe and respecting privacy.")),
        Theme("leadership", _("Leadership and culture"), _("Who carries the change, and how people take it.")),
        Theme("users", _("User focus"), _("Starting from what people need.")),
        Theme("collaboration", _("Collaboration"), _("Between departments, and with other governments and partners.")),
    )
}


def theme_titles(ids: Iterable[str]) -> list[str]:
    """The titles of some themes, in the order of the list; what is not a theme is left out."""
    wanted = set(ids)
    return [str(theme.title) for theme in THEMES.values() if theme.id in wanted]
