"""Greetings, thanks and small talk: texts that are no more, and what of them leads up to a question."""

import re

_CHATTER = re.compile(
    r"^(?:(?:ok(?:ay)?|great|cool|nice|perfect|super|good|fine|alright|well|so|and|wow|awesome|got it|yes|no|"
    r"yep|nope|many|much|"
    r"thanks?|thx|ty|cheers|hi|hello|hey|hiya|bye|goodbye|see you|good (?:morning|evening|afternoon|"
    r"night|day)|"
    r"welcome|sorry|please|lol|haha|hm+|test|testing|ping|there|all|again|you|very|a lot|for (?:that|"
    r"this|your help|the help)|"
    r"that(?:'?s| is| was)? (?:all|great|good|helpful|it|nice|enough)|bot|rolebook|everyone|everybody|team|"
    r"later|really|helpful|that helps|"
    r"how are you(?: doing)?(?: today)?|how is it going|what'?s up|who are you|what are you|are you (?:a "
    r")?(?:human|bot|robot|an ai)|"
    r"what can you do|tell me a joke|help me|help)\b[\s.!,?'’:;)-]*)+$"
)

# What leads up to a question and is no part of it: "Hi all, quick question:".
_GREETS = (
    r"hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening|day)|greetings|thanks?|thank you|cheers|sorry"
    r"|excuse me|quick|questions?(?: is)?|query|btw|by the way|fyi|curious|wondering|out of (?:curiosity|interest)"
)
_AROUND = (
    r"all|team|folks|everyone|everybody|there|guys|colleagues|please|ok(?:ay)?|well|so|right|now|and|but|an?|the|one"
    r"|my|our|some|any|another|more|short|small|simple|silly|stupid|dumb|random|last|next|final|follow-?up|urgent"
    r"|general|thing|just|again|i|i'm|im|am|have|here|goes|me|for|you|your|help|asking|not|sure|very|much|a lot|to"
    r"|bother|disturb|interrupt"
)
_ASKS_ON = "who which wich what wat how when where why does do is are can could please tell list show give name compare"
_ASIDE = re.compile(
    rf"^\s*(?=[^.:;!?]*\b(?:{_GREETS})\b)(?:(?:{_GREETS}|{_AROUND})\b[\s,]*+)++"
    rf"(?:[.:;!?–—-]+\s*(?=\w)|(?:(?<=,)|(?<=, ))(?=\w)|(?<=\s)(?=(?:{'|'.join(_ASKS_ON.split())})\b))",
    re.I,
)


def is_chatter(plain: str) -> bool:
    """Whether a text is a greeting, thanks or small talk and no more."""
    return bool(_CHATTER.match(plain))


def without_aside(text: str) -> str:
    """A text without the greetings and the like that lead up to its question."""
    while (found := _ASIDE.match(text.replace("’", "'"))) and found.end() < len(text):
        text = text[found.end() :]
    return text
