"""Finding: word forms, context, and never what somebody may not read. The same on SQLite and PostgreSQL."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from conftest import Cast
from koers.kit.tenancy import scope, unscoped
from koers.organisations.models import Membership, User
from koers.workbook.actions import import_answers
from koers.workbook.finding.words import passage, question
from koers.workbook.models import Comment, Conversation, SearchEntry, Task, Thread, Workbook
from koers.workbook.queries.search import Found, search
from koers.workbook.values import read_value

WHY = "A.3/why"


def write(workbook: Workbook, texts: dict[str, object]) -> None:
    """Answers, as the exchange file writes them; None clears."""
    fields = workbook.edition.fields
    values = {key: read_value(fields[key], raw, "markdown") if raw is not None else None for key, raw in texts.items()}
    with scope(workbook.administration_id):
        import_answers(workbook, values, None)


def places(found: Found) -> list[str]:
    """Where something was found, best first: a field's key, or a section."""
    return [hit.field.key if hit.field else hit.section.id for book in found.workbooks for hit in book.hits]


def marked(found: Found) -> list[str]:
    """The words that are marked."""
    return [piece.text for book in found.workbooks for hit in book.hits for piece in hit.pieces if piece.hit]


def comment(cast: Cast, body: str, field_key: str = WHY, author: User | None = None) -> Comment:
    with scope(cast.administration.pk):
        thread = Thread.objects.create(
            administration=cast.administration, workbook=cast.workbook, section_id="A.3", field_key=field_key
        )
        return Comment.objects.create(
            administration=cast.administration, workbook=cast.workbook, thread=thread, body=body,
            author=author or cast.lead,
        )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("loket", "Onze loketten sluiten om vier uur."),
        ("loketten", "Het loket sluit om vier uur."),
        ("loket", "De loketmedewerkers helpen."),
        ("burgers", "Met burgerparticipatie."),
        ("digitaal", "Een digitale dienst."),
        ("digitale", "Wij werken digitaal."),
        ("gemeente", "Samen met andere gemeenten."),
        ("gemeenten", "De gemeente beslist."),
        ("werkt", "Zo willen wij werken."),
        ("werken", "Zo werkt het."),
        ("proces", "Onze processen staan op papier."),
        ("processen", "Elk proces staat op papier."),
        ("steden", "De stad Gent deed het voor."),
        ("idee", "Twee ideeën."),
        ("STRATEGIE", "Verschillende strategieën."),
        ("efficient", "Het moet efficiënter, of tenminste efficiënt."),
        ("geïntegreerd", "Een geintegreerd systeem."),
        ("café", "In het CAFE op het plein."),
        ("services", "A service for everybody."),
        ("2030", "Tegen 2030 is het zover."),
        ("foto's", "Een foto van het plein."),
        ("de loketten van het", "Het loket."),
    ],
)
def test_forms_of_a_word_are_found(cast: Cast, asked: str, there: str) -> None:
    write(cast.workbook, {WHY: there, "A.3/compass": "Iets geheel anders."})
    assert places(search(cast.lead, asked)) == [WHY]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "there"), [("proces", "Tien procent."), ("gemeente", "Ik meen het."), ("lo", "Het loket.")]
)
def test_other_words_are_not(cast: Cast, asked: str, there: str) -> None:
    write(cast.workbook, {WHY: there})
    assert search(cast.lead, asked).number == 0


@pytest.mark.django_db
def test_every_word_must_stand_there_and_the_best_comes_first(cast: Cast) -> None:
    others = [key for key, field in cast.workbook.edition.fields.items() if field.kind == "text" and key[:3] == "C.1"]
    write(cast.workbook, dict.fromkeys(others, "Over heel wat andere zaken."))
    long = "Digitaal waar het kan. " + "Over heel wat andere zaken schrijven wij hier. " * 12 + "Loket."
    write(cast.workbook, {WHY: long, "A.3/compass": "Het digitale loket.", "B.2/findings": "Een loket zonder scherm."})
    found = search(cast.lead, "digitaal loket")
    assert places(found) == ["A.3/compass", WHY]
    assert marked(found)[:2] == ["digitale", "loket"]


@pytest.mark.django_db
def test_words_between_quotation_marks_stand_side_by_side(cast: Cast) -> None:
    write(cast.workbook, {WHY: "De digitale loketten.", "A.3/compass": "Een loket, en later digitale kanalen."})
    assert places(search(cast.lead, '"digitaal loket"')) == [WHY]
    assert places(search(cast.lead, "“digitaal loket”")) == [WHY]
    assert sorted(places(search(cast.lead, '"digitaal loket'))) == ["A.3/compass", WHY]
    assert places(search(cast.lead, '"loket digitaal"')) == []


@pytest.mark.django_db
def test_choices_comments_conversations_and_tasks_are_found(cast: Cast) -> None:
    write(cast.workbook, {"A.1/open/estimate": {"choice": 1, "remark": "Dat zei de zeppelin."}})
    said = comment(cast, "Een zeppelin, echt?", author=cast.people["viewer"])
    with scope(cast.administration.pk):
        base = {"administration": cast.administration, "workbook": cast.workbook}
        talk = Conversation.objects.create(
            **base, section_id="B.2", with_whom="Zeppelin NV", outcome="Veel", by=cast.lead
        )
        task = Task.objects.create(**base, section_id="B.3", title="Bel de zeppelin", owner=cast.lead)
    found = search(cast.lead, "zeppelin")
    hits = {hit.kind_words: hit for book in found.workbooks for hit in book.hits}
    at = f"/w/{cast.workbook.pk}"
    assert {kind: hit.section.id for kind, hit in hits.items()} == {
        "Answer": "A.1", "Comment": "A.3", "Conversation": "B.2", "Task": "B.3",
    }  # fmt: skip
    assert {kind: hit.href for kind, hit in hits.items()} == {
        "Answer": f"{at}/s/A.1/#f-A-1-open-estimate",
        "Comment": f"{at}/talk/?field={WHY}#comment-{said.pk}",
        "Conversation": f"{at}/s/B.2/conversations/#conversation-{talk.pk}",
        "Task": f"{at}/talk/?section=B.3#task-{task.pk}",
    }
    assert [cast.client("viewer").get(hit.href).status_code for hit in hits.values()] == [200] * 4
    assert (hits["Comment"].by, hits["Comment"].at) == ("Viewer", said.at)


@pytest.mark.django_db
def test_a_choice_is_found_in_either_language_and_shown_in_the_readers(cast: Cast) -> None:
    field = cast.workbook.edition.fields["A.1/open/estimate"]
    write(cast.workbook, {field.key: {"choice": 1}})
    for asked in (field.options[0].say("nl"), field.options[0].say("en")):
        with translation.override("nl"):
            (hit,) = search(cast.lead, asked).workbooks[0].hits
        assert "".join(piece.text for piece in hit.pieces) == field.options[0].say("nl")


@pytest.mark.django_db
def test_changed_answers_are_found_anew_and_cleared_ones_vanish(cast: Cast) -> None:
    write(cast.workbook, {WHY: "Een giraf."})
    assert places(search(cast.lead, "giraf")) == [WHY]
    write(cast.workbook, {WHY: "Een olifant."})
    assert places(search(cast.lead, "giraf")) == []
    assert places(search(cast.lead, "olifant")) == [WHY]
    write(cast.workbook, {WHY: None})
    assert places(search(cast.lead, "olifant")) == []
    with scope(cast.administration.pk):
        assert SearchEntry.objects.count() == 0


@pytest.mark.django_db
def test_a_deleted_comment_is_gone_until_it_is_put_back(cast: Cast) -> None:
    said = comment(cast, "Een giraf.")
    assert places(search(cast.lead, "giraf")) == [WHY]
    with scope(cast.administration.pk):
        Comment.objects.update(deleted_at=timezone.now())
        assert places(search(cast.lead, "giraf")) == []
        assert SearchEntry.objects.count() == 0
        Comment.objects.update(deleted_at=None)
        assert places(search(cast.lead, "giraf")) == [WHY]
        Comment.objects.update(body="Een olifant.", edited_at=said.at + timedelta(minutes=1))
    assert places(search(cast.lead, "giraf")) == []
    assert places(search(cast.lead, "olifant")) == [WHY]


@pytest.mark.django_db
def test_nobody_finds_what_is_of_another_administration(cast: Cast) -> None:
    write(cast.workbook, {WHY: "Het geheim van Kastelbeke."})
    write(cast.other_workbook, {WHY: "Het geheim van Duinrode."})
    assert search(cast.lead, "geheim").number == 1
    assert [each.workbook.pk for each in search(cast.lead, "geheim").workbooks] == [cast.workbook.pk]
    assert [each.workbook.pk for each in search(cast.outsider, "geheim").workbooks] == [cast.other_workbook.pk]
    assert search(cast.outsider, "geheim", workbook=cast.workbook).number == 0
    assert search(cast.outsider, "kastelbeek").near == ()


@pytest.mark.django_db
def test_who_left_finds_nothing_and_neither_does_anybody_in_a_deleted_workbook(cast: Cast) -> None:
    write(cast.workbook, {WHY: "Het geheim."})
    viewer = cast.people["viewer"]
    assert search(viewer, "geheim").number == 1
    with scope(cast.administration.pk):
        Membership.objects.filter(user=viewer).delete()
    assert search(viewer, "geheim").number == 0
    assert search(viewer, "waarom") == Found(question("waarom"))
    with unscoped():
        Workbook.objects.filter(pk=cast.workbook.pk).update(deleted_at=timezone.now())
    assert search(cast.lead, "geheim").number == 0


HOSTILE = [
    '"', "*", '"* OR NEAR( NOT : ^ --', "loket OR", "NOT loket", "stems:loket", "NEAR(loket, 2)", "loket*", '"loket',
    "^loket", "loket -- ", "'; DROP TABLE workbook_answer; --", "loket & !", "loket | (", ":* <-> 'a'", "lo\\ket",
    "\x00loket", "loket:*A", "½ ﷺ ß İ", "🙂", "﹍_", "a " * 200, "loket " * 90, "(((((", "x" * 500,
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("asked", HOSTILE)
def test_signs_have_no_meaning(cast: Cast, asked: str) -> None:
    write(cast.workbook, {WHY: "Het loket."})
    page = cast.client("lead").get(f"/search/?q={quote(asked)}")
    assert page.status_code == 200
    assert places(search(cast.lead, "loket")) == [WHY]


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=240), there=st.text(max_size=300))
def test_any_text_may_be_asked(cast: Cast, text: str, there: str) -> None:
    write(cast.workbook, {WHY: there, "A.3/compass": f"{text} loket"})
    found = search(cast.lead, text)
    if found.asked and len(found.asked.terms) < 12 and not found.asked.phrases:
        search(cast.lead, f'"{text}" loket')
    shown = "".join(piece.text for piece in passage(there, found.asked))
    assert len(shown) < 400


@pytest.mark.django_db
def test_words_that_do_not_count_give_a_friendly_answer(cast: Cast) -> None:
    write(cast.workbook, {WHY: "Het is van ons."})
    for asked in ("het is van de", "?!"):
        page = cast.client("lead").get(f"/search/?q={quote(asked)}").content.decode()
        assert "These words stand everywhere" in page


@pytest.mark.django_db
def test_nothing_found_says_so_and_offers_words_that_do_stand_there(cast: Cast) -> None:
    write(cast.workbook, {WHY: "De loketmedewerker helpt.", "A.3/compass": "Een giraf."})
    page = cast.client("lead").get("/search/?q=loketmedewerkr").content.decode()
    assert "Nothing found for “loketmedewerkr”" in page
    assert '<a class="button quiet small" href="?q=loketmedewerker">loketmedewerker</a>' in page
    assert [each.words for each in search(cast.lead, "loket giraf").near] == ["loket", "giraf"]


@pytest.mark.django_db
def test_the_page_shows_the_words_in_context_and_never_as_markup(cast: Cast) -> None:
    comment(cast, "Een <script>alert(1)</script> bij het loket & meer.")
    page = cast.client("viewer").get(f"/w/{cast.workbook.pk}/search/?q=loket").content.decode()
    assert "Een &lt;script&gt;alert(1)&lt;/script&gt; bij het <mark>loket</mark> &amp; meer." in page
    assert "One text found" in page
    hostile = cast.client("viewer").get(f"/search/?q={quote('<script>alert(1)</script>')}").content.decode()
    assert "<script>alert" not in hostile


def test_a_passage_is_cut_around_the_first_word_that_was_looked_for() -> None:
    text = "Vooraf staat er heel wat. " * 20 + "Het digitale loket opent. " + "Daarna volgt nog meer. " * 20
    pieces = passage(text, question("loketten"))
    shown = "".join(piece.text for piece in pieces)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert 120 < len(shown) < 190
    assert [piece.text for piece in pieces if piece.hit] == ["loket"]


@pytest.mark.django_db
def test_a_place_is_found_by_its_name_or_its_number(cast: Cast) -> None:
    def named(asked: str) -> list[str]:
        return [each.href.removeprefix(f"/w/{cast.workbook.pk}/s/") for each in search(cast.lead, asked).places]

    assert named("B.4.1") == ["B.4.1/"]
    assert named("digital leadership")[0] == "A.3/"
    assert named("digitaal kompas") == ["A.3/#f-A-3-compass"]


@pytest.mark.django_db
def test_fifty_on_a_page_and_then_more(cast: Cast) -> None:
    keys = [key for key, field in cast.workbook.edition.fields.items() if field.kind == "text"][:60]
    write(cast.workbook, dict.fromkeys(keys, "Een giraf."))
    first, second = search(cast.lead, "giraf"), search(cast.lead, "giraf", page=2)
    assert (first.number, first.has_more, second.number, second.has_more) == (50, True, 10, False)
    assert sorted(places(first) + places(second)) == sorted(keys)
    quoted = search(cast.lead, '"een giraf"', page=2)
    assert (quoted.number, quoted.has_more) == (10, False)
    client = cast.client("lead")
    assert '<a class="button" href="?q=giraf&amp;page=2">' in client.get("/search/?q=giraf").content.decode()
    assert "There is nothing more" in client.get("/search/?q=giraf&page=9").content.decode()


@pytest.mark.django_db
def test_a_fixed_number_of_queries(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    write(cast.workbook, {WHY: "Een giraf."})
    comment(cast, "Een giraf.")
    search(cast.lead, "giraf")
    with django_assert_num_queries(9):
        assert search(cast.lead, "giraf").number == 2
    write(cast.workbook, {"A.3/compass": "Een giraf.", "B.2/findings": "Een giraf."})
    comment(cast, "Een giraf.", "A.3/compass")
    comment(cast, "Een giraf.", "")
    search(cast.lead, "giraf")
    with django_assert_num_queries(9):
        assert search(cast.lead, "giraf").number == 6


@pytest.mark.django_db
def test_two_who_search_at_once_write_the_same_entries(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both saw that nothing was indexed; the second writes over the first."""
    write(cast.workbook, {WHY: "Een giraf."})
    from koers.workbook.finding import index

    real = index._entry
    again: list[bool] = []

    def meanwhile(*given: object) -> SearchEntry:
        if not again:
            again.append(True)
            assert places(search(cast.people["viewer"], "giraf")) == [WHY]
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(index, "_entry", meanwhile)
    assert places(search(cast.lead, "giraf")) == [WHY]
    with scope(cast.administration.pk):
        assert SearchEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_where_nothing_can_be_written_one_finds_what_was_indexed(cast: Cast) -> None:
    write(cast.workbook, {WHY: "Een giraf.", "A.3/compass": "Een giraf."})
    assert search(cast.lead, "giraf").number == 2
    write(cast.workbook, {WHY: None, "B.2/findings": "Een giraf."})
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on" if postgresql else "PRAGMA query_only = on")
        try:
            assert places(search(cast.lead, "giraf")) == ["A.3/compass"]
        finally:
            cursor.execute("SET default_transaction_read_only = off" if postgresql else "PRAGMA query_only = off")
    assert sorted(places(search(cast.lead, "giraf"))) == ["A.3/compass", "B.2/findings"]


@pytest.mark.django_db
def test_an_erased_workbook_leaves_nothing_in_the_index(cast: Cast) -> None:
    write(cast.workbook, {WHY: "Een giraf."})
    assert search(cast.lead, "giraf").number == 1
    with scope(cast.administration.pk):
        cast.workbook.delete()
    table = "workbook_searchentry" if connection.vendor == "postgresql" else "workbook_search"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_a_list_with_very_many_words_is_indexed_as_far_as_it_fits(cast: Cast) -> None:
    field = next(
        each for each in cast.workbook.edition.fields.values() if any(column.kind == "text" for column in each.columns)
    )
    column = next(each.id for each in field.columns if each.kind == "text")
    items = [{column: " ".join(f"woord{row:03}x{each:03}" for each in range(280))} for row in range(200)]
    write(cast.workbook, {field.key: {"items": items}})
    assert places(search(cast.lead, "woord000x001")) == [field.key]
