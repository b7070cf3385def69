"""The words that the script of the console says: in its page as JSON, like those of `kit.scripts`."""

from django.utils.translation import gettext as _


def console_words() -> dict[str, str]:
    """By the name under which `frontend/src/hosting` knows them; ``{…}`` is filled in there."""
    return {**_next(), **_room(), **_agreeing(), **_ideas(), **_spread()}


def _next() -> dict[str, str]:
    return {
        "nextOpen": _("Open the room"),
        "nextOpenHint": _("There is a code then, and people can come in."),
        "nextVote": _("Begin the vote"),
        "nextVoteAgain": _("Begin the second vote"),
        "nextVoteHint": _("The question appears on every phone."),
        "nextReveal": _("Show the spread"),
        "nextAgree": _("Record the consensus"),
        "nextAgreeHint": _("Choose above what you agree on."),
        "nextQuestion": _("To the next question"),
        "nextStep": _("On to: {step}"),
        "nextRanking": _("Show the ranking"),
        "nextEnd": _("End the workshop"),
        "nextEndHint": _("First you see what follows."),
        "missing": _("{count} still to answer"),
        "missingRanking": _("{count} still to give points"),
        "everybodyVoted": _("Everybody answered."),
        "again": _("Second vote"),
        "skip": _("Go on without agreeing"),
        "skipQuestion": _("Skip this question"),
        "breakNow": _("Break now"),
        "breakBack": _("Back to: {step}"),
        "pastStep": _("done"),
        "goHere": _("Go here"),
        "seeOutcome": _("See what came out"),
        "timerStart": _("Start the timer"),
        "timerPause": _("Pause"),
        "timerResume": _("Go on"),
        "timerMore": _("+1 minute"),
        "timerNone": _("no timer"),
        "timerPaused": _("paused"),
        "timerLeft": _("left for this step"),
        "timerOver": _("over; take the time you need"),
    }


def _room() -> dict[str, str]:
    return {
        "code": _("Code"),
        "qrAlt": _("QR code to join"),
        "joined": _("{count} people joined"),
        "joinedOne": _("{count} person joined"),
        "joinedNone": _("Nobody has joined yet."),
        "few": _("Roles of fewer than five people are not shown."),
        "screen": _("Open the projector screen"),
        "copyLink": _("Copy the link to join"),
        "doorOpen": _("The door is open"),
        "doorClosed": _("The door is closed"),
        "closeDoor": _("Close the door"),
        "openDoor": _("Open the door"),
        "newCode": _("New code"),
        "codeUntil": _("valid until {time}"),
        "end": _("End the workshop"),
        "offline": _("No connection. Trying again; what you typed is kept in this browser."),
        "notSent": _("Not sent: there is no connection. Nothing you typed is lost. Press again in a moment."),
        "failed": _("That did not work. Try again in a moment."),
        "gone": _("You can no longer lead this workshop from here. You may be signed out. What you typed is kept."),
        "signIn": _("Sign in again"),
        "nowIs": _("Now: {now}"),
        "nowWaiting": _("waiting"),
        "nowVoting": _("voting"),
        "nowVotingSecond": _("second vote"),
        "nowShown": _("the spread is shown"),
        "nowAgreed": _("agreed"),
        "nowCollecting": _("collecting ideas"),
        "nowRanking": _("ranking ideas"),
        "nowRanked": _("the ranking is shown"),
        "nowPlanned": _("The room is not open yet."),
        "nowEnded": _("The workshop has ended."),
        "plannedLead": _("Open it a quarter of an hour before you begin, and put the code on the screen."),
        "endedLead": _("What was agreed stands in the workbook. Everything that came out stands with the plan."),
        "note": _("What to say"),
        "questionOf": _("Question {index} of {of}"),
        "answeredOf": _("{voted} of {joined} answered"),
        "gavePoints": _("{voted} of {joined} gave points"),
        "wentVoted": _("voted"),
        "wentAgreed": _("agreed"),
    }


def _agreeing() -> dict[str, str]:
    return {
        "agreeLegend": _("What do you agree on?"),
        "agreeSecond": _("What do you agree on, after the second vote?"),
        "reason": _("Why?"),
        "reasonHelp": _("It stands with the answer in the workbook."),
        "arguments": _("Arguments for and against"),
        "argumentsFor": _("Arguments for"),
        "argumentsAgainst": _("Arguments against"),
        "agreedTitle": _("Agreed"),
        "agreedLands": _("Recorded, and written to the workbook."),
        "changeAgreed": _("Change what was agreed"),
        "agreedPercent": _("Percentage that you agree on"),
        "agreedWords": _("In words"),
        "agreedList": _("One a line"),
        "mean": _("(mean {share} %)"),
        "wasFirst": _("(was {count})"),
        "answered": _("{count} answers"),
        "answeredOne": _("{count} answer"),
        "byRole": _("By role"),
        "texts": _("What people wrote"),
        "chooseFirst": _("Choose first what you agree on."),
        "cancel": _("Leave it"),
    }


def _ideas() -> dict[str, str]:
    return {
        "ideas": _("{count} ideas"),
        "ideasOne": _("{count} idea"),
        "ideasNone": _("No idea yet. They appear here as they come in."),
        "addIdea": _("Add an idea for the room"),
        "addIdeaDo": _("Add"),
        "ideaPlaced": _("in the workbook"),
        "ideaHidden": _("hidden"),
        "hide": _("Hide"),
        "show": _("Show again"),
        "reword": _("Reword"),
        "rewordDo": _("Save the words"),
        "unmerge": _("Take apart"),
        "mergedHere": _("Said the same:"),
        "selected": _("{count} chosen"),
        "selectedNone": _("Tick ideas to put them together or in the workbook."),
        "merge": _("Put together as one"),
        "mergeInto": _("Which one stays?"),
        "mergeDo": _("Put together"),
        "place": _("Put in the workbook"),
        "placeLead": _("They come after what stands there already:"),
        "placeDo": _("Put in the workbook"),
        "placed": _("In the workbook: {place}"),
        "points": _("{count} points"),
        "pointsOne": _("{count} point"),
        "chooseIdea": _("Choose: {idea}"),
    }


def _spread() -> dict[str, str]:
    return {
        "firstVote": _("First vote"),
        "secondVote": _("Second vote"),
        "meanShares": _("The mean of the shares"),
        "wrote": _("{count} people wrote something"),
        "wroteOne": _("{count} person wrote something"),
        "yours": _("Your answer"),
        "nobodyAnswered": _("Nobody answered."),
        "people": _("{count} people"),
        "peopleOne": _("{count} person"),
        "timeUp": _("Time is up"),
    }
