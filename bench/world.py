"""The world that is measured: fifty people, each an editor of a filled workbook of her own."""

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.load import FIELDS, Person  # noqa: E402
from koers.demo.world import DATA  # noqa: E402
from koers.kit.tenancy import unscoped  # noqa: E402
from koers.organisations.models import Administration, Membership, User  # noqa: E402
from koers.workbook.actions import create_workbook, import_answers  # noqa: E402
from koers.workbook.exchange import read_exchange  # noqa: E402
from koers.workbook.models import Answer, Revision, Workbook  # noqa: E402

BACKEND = "koers.organisations.backend.Backend"
PEOPLE = 50


def make() -> list[Person]:
    """Make it; returns the signed-in people."""
    call_command("createcachetable")
    file = read_exchange((DATA / "kastelbeke.yaml").read_bytes())
    people = []
    with unscoped():
        for number in range(PEOPLE):
            administration = Administration.objects.create(name=f"Gemeente {number}", kind="municipality")
            user = User.objects.create(email=f"person{number}@example.test", name=f"Person {number}", password="!")
            Membership.objects.create(administration=administration, user=user, role="editor")
            workbook = create_workbook(administration, user)
            import_answers(workbook, {key: value for key, value in file.values.items() if key not in FIELDS}, user)
            store = SessionStore()
            store[SESSION_KEY] = str(user.pk)
            store[BACKEND_SESSION_KEY] = BACKEND
            store[HASH_SESSION_KEY] = user.get_session_auth_hash()
            store.save()
            people.append(Person(str(store.session_key), str(workbook.pk)))
    return people


def grow(person: Person, revisions: int) -> None:
    """Give one field of a workbook a long history."""
    with unscoped():
        workbook = Workbook.objects.get(pk=person.workbook)
        user = Membership.objects.get(administration_id=workbook.administration_id).user
        answer, _made = Answer.objects.get_or_create(
            administration_id=workbook.administration_id, workbook=workbook, field_key="A.1/open/estimate"
        )
        first = answer.revision
        Revision.objects.bulk_create(
            (
                Revision(
                    administration_id=workbook.administration_id, workbook=workbook, field_key=answer.field_key,
                    number=first + number, value={"choice": 1 + number % 3}, author=user,
                )
                for number in range(1, revisions + 1)
            ),
            batch_size=1000,
        )  # fmt: skip
        answer.revision, answer.value, answer.answered = first + revisions, {"choice": 1}, True
        answer.save()


def queries_of(path: str, person: Person) -> int:
    """How many queries a page does."""
    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = person.session
    client.get(path.replace("<workbook>", person.workbook))
    with CaptureQueriesContext(connection) as captured:
        client.get(path.replace("<workbook>", person.workbook))
    return len(captured)
