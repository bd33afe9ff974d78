"""A list of messages to what is asked: the question, the asker's earlier ones, and the operator's instructions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.asking import Asker
from search import Answer

HINT = "Ask about the roles: who owns something, what a role's KPIs are, how two roles differ."
_THANKS = re.compile(
    r"(?:ok(?:ay)?|alright|fine|great|perfect|excellent|wonderful|awesome|super|cool|nice|got it|many|very)?\W*"
    r"(?:thanks|thank you|thx|cheers)(?:\W+(?:a lot|so much|very much|again|for \w+(?: \w+){0,4}))?"
    r"(?:\W+(?:that'?s all|bye|great|perfect|that helps?|that was helpful))*",
    re.IGNORECASE,
)
_PLEASED = re.compile(r"(?:ok(?:ay)?|great|perfect|cool|nice|good|got it|i see|understood|well done)", re.IGNORECASE)
_HELLO = re.compile(
    r"(?:hi|hello|hey|good (?:morning|afternoon|evening|day))(?:\W+(?:there|all|rolebook))?", re.IGNORECASE
)
_BYE = re.compile(r"(?:good)?\s*bye(?:\W+bye)?|see you(?: later)?", re.IGNORECASE)
_COURTESIES = (
    (_THANKS, "You're welcome."),
    (_PLEASED, "Good. " + HINT),
    (_HELLO, "Hello. " + HINT),
    (_BYE, "Goodbye."),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a conversation comes to at its last user message."""

    question: str  # empty if nobody asked anything
    history: tuple[str, ...]  # the asker's earlier questions, oldest first
    instructions: str  # system and developer texts


@dataclass(frozen=True, slots=True)
class Said:
    """The words to give back, and the answer that they are, if they are one."""

    text: str
    answer: Answer | None


def asked(messages: Iterable[tuple[str, str]]) -> Asked:
    """From (role, text) pairs; thanks and greetings are no questions, so a follow-up looks past them."""
    turns = list(messages)
    instructions = "\n".join(text for role, text in turns if role in ("system", "developer") and text)
    questions = [text for role, text in turns if role == "user" and text.strip()]
    earlier = tuple(text for text in questions[:-1] if not courtesy(text))
    return Asked(questions[-1] if questions else "", earlier, instructions)


def courtesy(text: str) -> str | None:
    """What to say to a greeting, thanks or a goodbye; None to anything else."""
    bare = text.strip(" \t\r\n.,;:!?…")
    return next((words for cue, words in _COURTESIES if len(bare) < 80 and cue.fullmatch(bare)), None)


async def reply(asker: Asker, said: Asked, *, rephrase: bool) -> Said:
    """The answer to the last question, in words where there is none."""
    if not any(character.isalnum() for character in said.question):
        return Said(HINT, None)
    if words := courtesy(said.question):
        return Said(words, None)
    plain = await asker.plain(said.question, said.history)
    answer = await asker.rephrased(plain, said.instructions) if rephrase else plain
    return Said(answer.text, answer)


def texts(messages: Sequence[tuple[str, str]]) -> str:
    return "\n".join(text for _, text in messages)
