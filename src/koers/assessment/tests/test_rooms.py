"""The streams of a live workshop in one process: what screens hear, how often, and when a stream ends."""

import asyncio

import pytest

from conftest import Cast
from koers.assessment.live.lines import MAX_CHANGES, Line
from koers.assessment.live.rooms import room_of
from koers.assessment.live.seats import digest
from koers.assessment.models import Respondent
from koers.assessment.tests.rooming import Room, make_room
from koers.assessment.tests.streaming import console, outside, participant, projector, scene, token_of
from koers.kit.tenancy import scope, unscoped
from koers.organisations.actions import change_role
from koers.organisations.models import Membership, Role
from koers.workbook.actions.books import delete_workbook

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


def test_every_screen_hears_what_hosts_and_participants_do(room: Room) -> None:
    room.at_question()
    phone, token = room.join(), token_of(room)

    async def story() -> None:
        screens = [participant(phone), projector(room, token), await console(room, "editor")]
        for screen in screens:
            await screen.until(lambda each: len(each.heard("state")) == 1)
        assert await outside(phone.votes, 2) == 200
        for screen in screens:
            await screen.until(lambda each: [told["voted"] for told in each.heard("count")] == [1])
        await outside(room.go, "reveal")
        for screen in screens:
            await screen.until(lambda each: len(each.heard("state")) == 2)
            before, after = screen.heard("state")
            assert (before["spread"], after["spread"]["counts"]) == (None, [0, 1, 0, 0])
            assert {"now", "ideas", "joined", "timer"} <= before.keys()

    scene(story)


def test_counts_go_out_at_most_four_times_a_second_and_the_last_one_counts_all(room: Room) -> None:
    room.at_question()
    phones = [room.join() for _person in range(40)]

    async def story() -> None:
        screen = participant(phones[0])
        await screen.until(lambda each: len(each.heard("state")) == 1)
        begun = asyncio.get_running_loop().time()
        for phone in phones:
            assert await outside(phone.votes, 1) == 200
        await screen.until(lambda each: bool(each.heard("count")) and each.heard("count")[-1]["voted"] == 40)
        took = asyncio.get_running_loop().time() - begun
        assert len(screen.heard("count")) <= 2 + 4 * took
        assert len(screen.heard("state")) == 1

    scene(story)


def test_nothing_of_a_hidden_group_or_of_an_open_vote_is_in_any_stream(room: Room) -> None:
    room.at_question()
    phones = [room.join(role="it") for _person in range(6)] + [room.join(role="college") for _person in range(5)]
    phones += [room.join(role="staff"), room.join(role="management")]

    async def story() -> None:
        screen = participant(phones[0])
        await screen.until(lambda each: len(each.heard("state")) == 1)
        for phone in phones:
            await outside(phone.votes, 3)
        await screen.until(lambda each: bool(each.heard("count")) and each.heard("count")[-1]["voted"] == 13)
        assert "counts" not in screen.text
        await outside(room.go, "reveal")
        await screen.until(lambda each: len(each.heard("state")) == 2)
        assert [each["role"] for each in screen.heard("state")[1]["spread"]["roles"]] == ["it"]

    scene(story)


def test_the_streams_end_when_the_workshop_ends(room: Room) -> None:
    room.at_question()
    phone, token = room.join(), token_of(room)

    async def story() -> None:
        screens = [participant(phone), projector(room, token), await console(room, "lead")]
        for screen in screens:
            await screen.until(lambda each: len(each.heard("state")) == 1)
        await outside(room.go, "end")
        for screen in screens:
            await screen.until(lambda each: each.is_over)
            assert (screen.heard("state")[-1]["status"], screen.heard("ended")) == ("ended", [{"why": "workshop"}])
        assert (await outside(lambda: phone.sees)) == {}
        again = participant(phone)
        await again.until(lambda each: each.is_over)
        assert (again.status, again.text) == (404, "")

    scene(story)


def test_the_stream_of_a_seat_that_is_gone_ends_and_the_others_go_on(room: Room) -> None:
    room.at_question()
    anna, bob, carl = room.join(), room.join(), room.join()

    async def story() -> None:
        left, stays, removed = participant(anna), participant(bob), participant(carl)
        for screen in (left, stays, removed):
            await screen.until(lambda each: len(each.heard("state")) == 1)
        await outside(anna.does, "leave")
        await left.until(lambda each: each.is_over)
        assert left.heard("ended") == [{"why": "seat"}]

        def erase() -> None:
            with unscoped():
                Respondent.objects.filter(digest=digest(carl.secret)).update(digest=None)

        await outside(erase)
        await room_of(room.workshop.pk)._look()
        await removed.until(lambda each: each.is_over)
        assert (removed.heard("ended"), stays.is_over) == ([{"why": "seat"}], False)

    scene(story)


def test_a_new_code_ends_the_projector_and_nobody_else(room: Room) -> None:
    room.at_question()
    phone, token = room.join(), token_of(room)

    async def story() -> None:
        page, screen = participant(phone), projector(room, token)
        for each in (page, screen):
            await each.until(lambda one: len(one.heard("state")) == 1)
        await outside(room.go, "new-code")
        await screen.until(lambda one: one.is_over)
        assert (screen.heard("ended"), len(screen.heard("state"))) == ([{"why": "link"}], 1)
        await page.until(lambda one: len(one.heard("state")) == 2)
        again = projector(room, token)
        await again.until(lambda one: one.is_over)
        assert again.status == 404

    scene(story)


def test_a_host_who_loses_the_right_loses_the_stream(room: Room) -> None:
    room.at_question()

    def take_away() -> None:
        with unscoped():
            membership = Membership.objects.get(administration=room.cast.administration, user__name="Editor")
            change_role(membership, Role.CONTRIBUTOR, room.cast.lead)

    async def story() -> None:
        screen = await console(room, "editor")
        await screen.until(lambda each: len(each.heard("state")) == 1)
        begun = asyncio.get_running_loop().time()
        await outside(take_away)
        await screen.until(lambda each: each.is_over)
        assert asyncio.get_running_loop().time() - begun < 1
        assert screen.heard("ended") == [{"why": "rights"}]

    scene(story)


def test_who_may_not_host_gets_no_console(room: Room) -> None:
    room.at_question()

    async def story() -> None:
        for who, workbook in (("contributor", None), ("outsider", None), ("outsider", room.cast.other_workbook.pk)):
            screen = await console(room, who, workbook)
            await screen.until(lambda each: each.is_over)
            assert (screen.status, screen.text) == (404, "")

    scene(story)


def test_new_ideas_come_one_by_one(room: Room) -> None:
    room.at_ideas()
    phone = room.join()

    async def story() -> None:
        screen = participant(phone)
        await screen.until(lambda each: len(each.heard("state")) == 1)
        await outside(phone.does, "idea", text="Eén")
        await screen.until(lambda each: len(each.heard("ideas")) == 1)
        (idea,) = screen.heard("ideas")[0]["added"]
        assert (idea["text"], idea["points"], screen.heard("count")[-1]["ideas"]) == ("Eén", None, 1)
        await outside(phone.does, "unidea", id=idea["id"])
        await screen.until(lambda each: len(each.heard("ideas")) == 2)
        assert screen.heard("ideas")[1] == {"v": screen.heard("state")[0]["v"], "added": [], "gone": [idea["id"]]}

    scene(story)


def test_a_screen_that_reads_slowly_gets_the_whole_state_instead_of_all_changes() -> None:
    async def story() -> None:
        line = Line()
        for number in range(MAX_CHANGES + 1):
            line.add(b"change %d\n" % number, lambda: b"everything\n")
            line.count(b"count %d\n" % number)
        assert line.take() == b"everything\ncount %d\n" % MAX_CHANGES
        line.count(b"old\n")
        line.show(b"new\n")
        assert line.take() == b"new\n"

    scene(story)


def test_streams_end_once_the_workbook_is_deleted(room: Room) -> None:
    room.at_question()
    phone, token = room.join(), token_of(room)

    async def story() -> None:
        screens = [participant(phone), projector(room, token)]
        for screen in screens:
            await screen.until(lambda each: len(each.heard("state")) == 1)
        await outside(delete, room)
        await room_of(room.workshop.pk)._look()
        for screen in screens:
            await screen.until(lambda each: each.is_over)

    def delete(room: Room) -> None:
        with scope(room.cast.administration.pk):
            delete_workbook(room.cast.workbook, room.cast.lead)

    scene(story)
