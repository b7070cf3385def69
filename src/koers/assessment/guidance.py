"""What a host can say at each kind of step: the text that a new step begins with, in the language of who plans."""

from django.utils.translation import gettext as _

from koers.assessment.models import IdeaKind, StepKind


def _welcome() -> str:
    return _(
        "Thank everybody for coming, and say why you are here: to see together where the administration stands today, "
        "before you choose where to go.\n"
        "Say what this is not: no exam, no judgement of a department. Where opinions differ you learn most.\n"
        "Let everybody join with the code on the screen, and choose a role. Whoever has no phone answers together "
        "with a neighbour.\n"
        "Say that the answers are anonymous: nobody sees who answered what, and you do not either. By role you only "
        "see a result when at least five people answered in that role."
    )


def _terms() -> str:
    return _(
        "First the same words, then the questions. Take the terms of the vocabulary that will come back:\n"
        "digitalisation makes existing work faster and simpler, step by step;\n"
        "digital transformation changes the goals and the way of working with what technology makes possible;\n"
        "digital government is where that leads.\n"
        "Ask for one example of each from your own administration before you go on."
    )


def _questions() -> str:
    return _(
        "For each question, the same five steps:\n"
        "1. Read it aloud. Choose what is true today, not what is planned or hoped for.\n"
        "2. Vote first, each for herself and without talking.\n"
        "3. Show the spread. Give the floor to somebody at each end: what do you see that makes you answer that? "
        "Ask for an example, not for a defence.\n"
        "4. Did the talk change minds? Vote a second time.\n"
        "5. Say aloud what you agree on, and write down why. Do you not agree? Write down both voices: the difference "
        "often teaches you more than the answer."
    )


def _ideas(kind: str) -> str:
    if kind == IdeaKind.HOOK:
        return _(
            "A hook is something that is already under way or coming up, such as an investment, a grant or somebody "
            "who retires, on which you can hang the conversation about digital transformation.\n"
            "Two minutes in silence: everybody sends what comes to mind, one idea at a time. Then read them aloud, and "
            "put those that say the same together."
        )
    if kind == IdeaKind.OBSTACLE:
        return _(
            "What holds the change back? Think of people, time, money, rules, systems and habits.\n"
            "Two minutes in silence, one obstacle at a time. Then read them aloud, put together what says the same, "
            "and ask of each: what lies behind it?"
        )
    return _(
        "What can we do about it? An action begins with a verb, and somebody can start it within a year.\n"
        "Two minutes in silence, one action at a time. Then read them aloud and put together what says the same."
    )


def _ranking() -> str:
    return _(
        "Everybody has three points: on three ideas, or all on one. Take two minutes.\n"
        "Show the result, and ask of the first three: who could begin with this, and what does she need?"
    )


def _break() -> str:
    return _(
        "Say at what time you go on, and begin then. The code on the screen stays: who comes later can still join."
    )


def _closing() -> str:
    return _(
        "Say back what you agreed on in three sentences: what goes well, what differs, what comes first.\n"
        "Say what happens next: what was agreed stands in the workbook, the report follows, and the ambition note "
        "builds on it. Ask everybody for one word to end with."
    )


def note_for(kind: str, idea_kind: str = "") -> str:
    """The note that a step of this kind begins with."""
    if kind == StepKind.IDEAS:
        return _ideas(idea_kind)
    notes = {
        StepKind.WELCOME: _welcome, StepKind.TERMS: _terms, StepKind.QUESTIONS: _questions,
        StepKind.RANKING: _ranking, StepKind.BREAK: _break, StepKind.CLOSING: _closing,
    }  # fmt: skip
    return notes[StepKind(kind)]()
