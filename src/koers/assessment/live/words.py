"""The words that the scripts of a live workshop say (`frontend/src/live/words.ts`): in the page as JSON.

``{…}`` is filled in there; of a pair `name` and `nameOne` the second is for exactly one.
"""

import functools
import json
from collections.abc import Callable
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_ESCAPES: Final = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def words_of_live() -> dict[str, str]:
    """What the room, the projector and the console have in common."""
    return {
        "timeUp": _("Time is up"),
        "people": _("{count} people"),
        "peopleOne": _("1 person"),
        "yours": _("Your answer"),
        "you": _("You"),
        "firstVote": _("First vote"),
        "secondVote": _("Second vote"),
        "meanShares": _("The mean of what everybody gave, in percent."),
        "wrote": _("{count} people answered in their own words."),
        "wroteOne": _("1 person answered in their own words."),
        "middle": _("In the middle"),
        "gavePercent": _("The answer in the middle is {middle} %. The lowest is {low} %, the highest {high} %."),
        "nobodyAnswered": _("Nobody answered this question."),
    }


def words_of_room() -> dict[str, str]:
    return {
        **words_of_live(),
        **_room_voting(),
        **_room_ideas(),
        "questionOf": _("question {index} of {of}"),
        "stepOf": _("Step {position} of {count}"),
        "explained": _("What is meant?"),
        "notBegun": _("The workshop has not begun yet. Leave this page open: it goes on by itself."),
        "youAreIn": _("You are in. Leave this page open: it shows by itself what comes next."),
        "voteSoon": _("You can answer in a moment. First listen to what the question is about."),
        "now_welcome": _("Welcome. Leave this page open: the questions come here by themselves."),
        "now_terms": _("Look at the screen in front: the terms are explained there."),
        "now_questions": _("The questions of this part are coming."),
        "now_ideas": _("In a moment you can give ideas here."),
        "now_ranking": _("In a moment you can say which ideas come first."),
        "now_closing": _("We are rounding off. You need not do anything here any more."),
        "now_break": _("Leave this page open, or come back to it later: your place is kept."),
        "byRole": _("By role"),
        "byRoleWhy": _("A role is shown only when at least 5 people of it answered."),
        "talkNow": _("Now you talk about it together."),
        "decided": _("What was agreed"),
        "notDecided": _("Nothing was recorded."),
        "why": _("Why:"),
        "seeAnswers": _("See the answers"),
        "thanks": _("Thank you for taking part"),
        "thanksWhat": _(
            "“{title}” has ended. What was agreed now stands in the workbook of your administration, with the reason."
        ),
        "thanksKept": _(
            "Your own answers stay without a name: only with a role, and that is shown only for groups of at least 5. "
            "The key to your place in this workshop was erased."
        ),
        "thanksClose": _("You can close this page."),
        "news_voting": _("You can answer now."),
        "news_again": _("You can answer a second time now."),
        "news_shown": _("The answers are shown."),
        "voteLate": _("That answer came too late: this vote was over before it could be sent."),
        "tooLate": _("That came too late: the room is somewhere else now."),
        "notDone": _("That did not work. Try again in a moment."),
        "close": _("Close this message"),
        "notHere": _("You have no place here"),
        "notHereWhy": _("You left this workshop, or it is gone. With the code on the screen you can come in again."),
        "joinAgain": _("Join with the code"),
    }  # fmt: skip


def _room_voting() -> dict[str, str]:
    return {
        "chooseAtOnce": _("Touch your answer: it is sent at once."),
        "notYet": _("You have not answered yet."),
        "sending": _("Sending…"),
        "notSent": _("Not sent yet"),
        "notSentTrying": _("Not sent yet: trying again. Your answer is kept on this phone."),
        "answerIn": _("Your answer is in. You can change it until the answers are shown."),
        "changedNotSent": _("You changed your answer. Send it to have it count."),
        "sendAnswer": _("Send my answer"),
        "sendChange": _("Send the change"),
        "votedOf": _("{voted} of {joined} people answered"),
        "votedOfOne": _("{voted} of {joined} people answered"),
        "secondTime": _("Second vote: answer again, now that you talked about it."),
        "secondTimeFirst": _("Second vote: your first answer is filled in. Keep it or change it, and send it."),
        "severalHint": _("More than one answer is possible."),
        "chooseFirst": _("Choose an answer first."),
        "writeFirst": _("Write something first."),
        "percentFirst": _("Give a number from 0 to 100 first."),
        "percentage": _("Percentage"),
        "less": _("Less"),
        "more": _("More"),
        "sharesLeft": _("{rest} % left to give"),
        "sharesMore": _("{rest} % too much"),
        "sharesRight": _("Together {total} %: that fits."),
        "textSeen": _("The host can read this, without your name. Name nobody."),
        "addLine": _("Add a line"),
        "remark": _("Add a remark"),
        "remarkSeen": _("The host can read your remark, without your name. Name nobody."),
    }


def _room_ideas() -> dict[str, str]:
    return {
        "noIdeas": _("No ideas yet"),
        "ideaLabel": _("Your idea"),
        "ideaHint": _("One idea at a time, in a few words. Everybody sees it on the screen, without a name."),
        "giveIdea": _("Give this idea"),
        "ideaGiven": _("Your idea was given."),
        "yourIdeas": _("Your ideas"),
        "takeBack": _("Take back"),
        "ideasAside": _("The host put {count} of your ideas together with another, or aside."),
        "ideasAsideOne": _("The host put one of your ideas together with another, or aside."),
        "rankingHow": _("You have 3 points. Give them to one idea, or spread them."),
        "pointsLeft": _("{count} points left"),
        "pointsLeftOne": _("1 point left"),
        "pointsGone": _("All your points are given. You can still move them."),
        "pointsGiven": _("{count} points given"),
        "pointsGivenOne": _("1 point given"),
        "pointLess": _("One point less"),
        "pointMore": _("One point more"),
        "points": _("{count} points"),
        "pointsOne": _("1 point"),
        "yourPoints": _("{count} points of yours"),
        "yourPointsOne": _("1 point of yours"),
    }


def words_of_screen() -> dict[str, str]:
    return {
        **words_of_live(),
        "questionOf": _("question {index} of {of}"),
        "joinHow": _("Scan the square, or go to"),
        "codeIs": _("and give this code"),
        "joined": _("{count} people are in"),
        "joinedOne": _("1 person is in"),
        "joinedNone": _("Nobody is in yet"),
        "votedOf": _("{voted} of {joined} answered"),
        "votedOfOne": _("{voted} of {joined} answered"),
        "rankedOf": _("{voted} of {joined} gave their points"),
        "rankedOfOne": _("{voted} of {joined} gave their points"),
        "listenFirst": _("You can answer in a moment"),
        "answerNow": _("Answer on your phone"),
        "answerAgain": _("Second vote: answer again on your phone"),
        "decided": _("What was agreed"),
        "notDecided": _("Nothing was recorded."),
        "byRole": _("By role"),
        "ideasNow": _("Give your ideas on your phone"),
        "ideasSoon": _("In a moment you can give ideas"),
        "ideasMore": _("and {count} more"),
        "ideasMoreOne": _("and 1 more"),
        "noIdeas": _("No ideas yet"),
        "pointsNow": _("Give 3 points on your phone"),
        "points": _("{count} points"),
        "pointsOne": _("1 point"),
        "thanks": _("Thank you"),
        "thanksWhat": _("What was agreed now stands in the workbook."),
        "deadLink": _("This screen is over"),
        "deadLinkWhy": _("The code was renewed, or the workshop has ended. The host can open the screen anew."),
        "severalHint": _("More than one answer is possible"),
    }


_WORDS: Final[dict[str, Callable[[], dict[str, str]]]] = {
    "live": words_of_live, "room": words_of_room, "screen": words_of_screen,
}  # fmt: skip


@functools.lru_cache(maxsize=16)
def _json(which: str, language: str) -> SafeString:
    text = json.dumps(_WORDS[which](), ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308


def words_json(which: str) -> SafeString:
    """The words of a page (``live``, ``room`` or ``screen``) in the active language, as JSON for its scripts."""
    return _json(which, get_language() or "")
