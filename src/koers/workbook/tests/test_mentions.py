"""Who is named in a comment, and who hears of what is said."""

import re

import pytest

from conftest import Cast
from koers.kit.tenancy import scope, unscoped
from koers.organisations.models import User
from koers.workbook.mentions import named_in
from koers.workbook.models import Assignment, Mention, Notification
from koers.workbook.tests.talking import FIELD, begin, first_of, get, post, reply, text_of, told


def people(*names: str) -> list[User]:
    return [User(pk=number, name=name, email=f"{number}@x.test") for number, name in enumerate(names, 1)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vraag aan @An Peeters.", ["An Peeters"]),
        ("Vraag aan @an peeters, en @BO", ["An Peeters", "Bo"]),
        ("@An Peetersen", ["An"]),
        ("@Anneke", []),
        ("post naar x@An", []),
        ("https://x.test/@An", []),
        ("@Jean-Luc (IT)!", ["Jean-Luc (IT)"]),
        ("@4@x.test kijk", []),
        ("@Iemand Anders", []),
    ],
)
def test_the_longest_name_wins_in_capitals_or_not(text: str, found: list[str]) -> None:
    everybody = people("An", "An Peeters", "Bo", "Jean-Luc (IT)")
    assert [str(each) for each in named_in(text, everybody)] == found


def test_who_is_named_or_called_hears_it_and_is_marked(cast: Cast) -> None:
    begin(cast, "Wat vind jij, @editor?", attention=[cast.people["viewer"].pk, cast.people["editor"].pk])
    assert told(cast) == [
        ("mention", "Editor", "Wat vind jij, @editor?"),
        ("mention", "Viewer", "Wat vind jij, @editor?"),
    ]
    page = get(cast, f"talk/{FIELD}")
    assert '<span class="mention">@editor</span>?' in page.content.decode()
    assert "For the attention of Viewer" in text_of(page)


def test_who_is_no_member_is_not_named_nor_called(cast: Cast) -> None:
    begin(cast, "Vraag het aan @Outsider")
    assert post(cast, f"talk/{FIELD}", body="x", attention=[cast.outsider.pk]).status_code == 422
    with unscoped():
        assert Mention.objects.count() == 0
    assert told(cast) == []
    assert 'class="mention"' not in get(cast, f"talk/{FIELD}").content.decode()


def test_a_change_tells_only_who_is_named_anew(cast: Cast) -> None:
    comment = first_of(begin(cast, "@Editor", attention=[cast.people["viewer"].pk]))
    with unscoped():
        Notification.objects.all().delete()
    page = get(cast, f"talk/comments/{comment.pk}/").content.decode()
    ticked = re.findall(r'name="attention" value="(\d+)" checked', page)
    assert ticked == [str(cast.people["viewer"].pk)]
    post(cast, f"talk/comments/{comment.pk}/", body="@Editor en @Contributor")
    assert told(cast) == [("mention", "Contributor", "@Editor en @Contributor")]
    with unscoped():
        named = Mention.objects.filter(comment=comment).values_list("person__name", flat=True)
        assert sorted(named) == ["Contributor", "Editor"]


def test_who_took_part_hears_a_reply_once(cast: Cast) -> None:
    thread = begin(cast, "Vraag", "viewer")
    reply(cast, thread, "Antwoord", "contributor")
    reply(cast, thread, "@Viewer zie je?", "editor")
    assert told(cast) == [
        ("reply", "Viewer", "Antwoord"),
        ("mention", "Viewer", "@Viewer zie je?"),
        ("reply", "Contributor", "@Viewer zie je?"),
    ]


def test_who_has_the_section_hears_of_a_new_thread_unless_named(cast: Cast) -> None:
    with scope(cast.administration.pk):
        Assignment.objects.create(
            administration=cast.administration, workbook=cast.workbook, section_id="A.3", owner=cast.people["editor"]
        )
    begin(cast, "Dit\n  klopt niet")
    begin(cast, "@Editor kijk")
    begin(cast, "elders", at="?section=A.1")
    begin(cast, "van mij", "editor")
    assert told(cast) == [("comment", "Editor", "Dit klopt niet"), ("mention", "Editor", "@Editor kijk")]
