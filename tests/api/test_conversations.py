"""Conversations over the sample corpus, by a chat client: each turn must be about what the one who asks means.

A turn's `focus` is `roles` (their pages and no others are cited; `topic` = the part cited most, `words` = in a quote),
`owners` (one of `roles` comes first, `words` in its quotes), `none` (no answer, no citation) or `courtesy`.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.http import create_app
from api.settings import Settings
from index.library import Library

CONVERSATIONS = [
    json.loads(line)
    for line in Path(__file__).with_name("conversations.jsonl").read_text(encoding="utf-8").splitlines()
]
FLOOR = 0.95


@pytest.fixture(scope="module")
def chat(corpus_home):
    """Asks as a chat client does: with all that was said before."""
    app = create_app(Library.open(corpus_home), Settings(home=corpus_home))
    with TestClient(app, base_url="http://127.0.0.1") as client:

        def ask(messages):
            response = client.post("/v1/chat/completions", json={"model": "rolebook", "messages": messages})
            assert response.status_code == 200, response.text
            return response.json()

        yield ask


def amiss(turn, reply):
    """What is wrong with the focus of a reply; None if nothing is."""
    cited, answerable = reply["citations"], reply.get("answerable")
    if turn["focus"] in ("courtesy", "none"):
        wanted = None if turn["focus"] == "courtesy" else False
        return None if answerable is wanted and not cited else f"answered: {sorted({c['role'] for c in cited})}"
    if not answerable:
        return f"not answered: {reply['choices'][0]['message']['content']}"
    if turn["focus"] == "owners":
        if cited[0]["role"] not in turn["roles"]:
            return f"names {cited[0]['role']}"
        cited = [citation for citation in cited if citation["role"] == cited[0]["role"]]
    elif {citation["role"] for citation in cited} != set(turn["roles"]):
        return f"cites {sorted({c['role'] for c in cited})}"
    topic = Counter(citation["topic"] for citation in cited).most_common(1)[0][0]
    if turn.get("topic", topic) != topic:
        return f"cites {topic}"
    texts = " ".join(text for citation in cited for text in (*citation["path"], citation["quote"]))
    return None if re.search(turn.get("words", ""), texts, re.I) else f"nothing of {turn['words']!r}"


def test_the_focus_is_right_in_conversations(chat):
    wrong, turns = [], 0
    for conversation in CONVERSATIONS:
        messages = [{"role": "system", "content": "You help people to find out who does what."}]
        for turn in conversation["turns"]:
            turns += 1
            messages.append({"role": "user", "content": turn["ask"]})
            reply = chat(messages)
            messages.append({"role": "assistant", "content": reply["choices"][0]["message"]["content"]})
            if found := amiss(turn, reply):
                wrong.append(f"{conversation['name']}: {turn['ask']} -> {found}")
    share = 1 - len(wrong) / turns
    print(f"focus right in {share:.1%} of {turns} turns")
    assert share >= FLOOR, "\n".join(wrong)


def test_the_conversations_are_of_every_kind():
    assert len(CONVERSATIONS) >= 20
    assert {len(conversation["turns"]) for conversation in CONVERSATIONS} == {3, 4, 5}
    turns = [turn for conversation in CONVERSATIONS for turn in conversation["turns"]]
    assert {turn["focus"] for turn in turns} == {"roles", "owners", "none", "courtesy"}


def test_a_wrong_focus_is_seen(chat):
    reply = chat([{"role": "user", "content": "What are the KPIs of the FinOps Lead?"}])
    right = {"focus": "roles", "roles": ["FinOps Lead"], "topic": "kpis"}
    assert amiss(right, reply) is None
    assert amiss(right | {"topic": "tools"}, reply) == "cites kpis"
    assert amiss(right | {"words": "lasagne"}, reply) == "nothing of 'lasagne'"
    assert amiss(right | {"roles": ["Head of ML Platform"]}, reply) == "cites ['FinOps Lead']"
    assert amiss({"focus": "owners", "roles": ["Head of ML Platform"]}, reply) == "names FinOps Lead"
    assert amiss({"focus": "none"}, reply) == amiss({"focus": "courtesy"}, reply) == "answered: ['FinOps Lead']"
