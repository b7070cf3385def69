"""What somebody fills in to join a workshop."""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from koers.assessment.actions.joining import MAX_SIZE
from koers.assessment.models import Role


@dataclass
class JoinForm:
    """As it was typed, with what is wrong by field; "whole" is about all of it."""

    code: str = ""
    role: str = ""
    together: str = "alone"
    size: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def roles(self) -> list[tuple[str, str]]:
        return [(role.value, str(role.label)) for role in Role]

    @property
    def most(self) -> int:
        return MAX_SIZE

    @property
    def is_group(self) -> bool:
        return self.together == "group"

    @property
    def people(self) -> str:
        return self.size if self.is_group else "1"

    def check(self) -> bool:
        """Whether it can be asked at the door; `errors` says why not."""
        if not self.code.strip():
            self.errors["code"] = _("Type the code that stands on the screen.")
        if self.role not in Role.values:
            self.errors["role"] = _("Choose your role.")
        if self.is_group and not (self.size.isdecimal() and 2 <= int(self.size[:6]) <= MAX_SIZE):
            self.errors["size"] = _("Say with how many you answer: from 2 to %(most)s.") % {"most": MAX_SIZE}
        return not self.errors


def read_join_form(post: QueryDict) -> JoinForm:
    size = post.get("size", "").strip()[:6]
    # Without scripts the number can be filled in while “alone” is still chosen.
    together = "group" if post.get("together") == "group" or size not in {"", "1"} else "alone"
    return JoinForm(post.get("code", "")[:40], post.get("role", "")[:16], together, size)
