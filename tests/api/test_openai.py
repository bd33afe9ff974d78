"""The official client against a real server."""

import time

import httpx
import pytest

openai = pytest.importorskip("openai", reason="the official client is not installed")

QUESTION = "Own drift monitoring for all production models"
QUOTE = "Own drift monitoring for all production models and set its thresholds."


@pytest.fixture(scope="module")
def ai(server):
    with openai.OpenAI(base_url=f"{server}/v1", api_key="none", max_retries=0) as client:
        yield client


def user(text):
    return {"role": "user", "content": text}


def test_a_completion_in_both_forms_of_citation(ai):
    made = ai.chat.completions.create(model="rolebook", messages=[user(QUESTION)])
    (choice,) = made.choices
    assert (choice.index, choice.finish_reason, choice.message.role) == (0, "stop", "assistant")
    assert abs(made.created - time.time()) < 60
    assert made.usage.total_tokens == made.usage.prompt_tokens + made.usage.completion_tokens > 0
    note = choice.message.annotations[0].url_citation
    text = choice.message.content
    assert QUOTE in text[note.start_index : note.end_index]
    assert text[note.start_index : note.end_index].endswith(f"[{note.citation}]")
    (cited,) = [item for item in made.citations if item["id"] == note.citation]
    assert (cited["quote"], cited["deep_link"]) == (QUOTE, note.url)
    assert made.answerable


def test_a_stream_says_the_same(ai):
    options = {"include_usage": True}
    told = list(
        ai.chat.completions.create(model="rolebook", messages=[user(QUESTION)], stream=True, stream_options=options)
    )
    whole = ai.chat.completions.create(model="rolebook", messages=[user(QUESTION)])
    deltas = [chunk.choices[0] for chunk in told if chunk.choices]
    assert "".join(choice.delta.content or "" for choice in deltas) == whole.choices[0].message.content
    assert [choice.finish_reason for choice in deltas] == [None] * (len(deltas) - 1) + ["stop"]
    assert {choice.index for choice in deltas} == {0}
    assert deltas[0].delta.role == "assistant"
    assert len({(chunk.id, chunk.created) for chunk in told}) == 1
    notes = [choice.delta.annotations for choice in deltas if getattr(choice.delta, "annotations", None)]
    assert notes == [[note.model_dump() for note in whole.choices[0].message.annotations]]
    assert (told[-1].choices, told[-1].usage) == ([], whole.usage)


def test_the_stream_ends_as_the_protocol_says(server):
    body = {"model": "rolebook", "messages": [user(QUESTION)], "stream": True}
    lines = httpx.post(f"{server}/v1/chat/completions", json=body, trust_env=False).text.strip().splitlines()
    assert lines[-1] == "data: [DONE]"
    assert not any("usage" in line for line in lines)


def test_what_cannot_be_answered_is_said_in_words(ai):
    made = ai.chat.completions.create(model="rolebook", messages=[user("Which recipe makes the best onion soup?")])
    message = made.choices[0].message
    assert message.content
    assert (message.annotations, made.citations, made.answerable) == ([], [], False)


def test_the_whole_conversation_counts(ai):
    messages = [
        {"role": "system", "content": "Be brief."},
        user("What are the KPIs of the Data Engineer?"),
        {"role": "assistant", "content": "Loads on time. [1]"},
        user("Thanks!"),
        {"role": "assistant", "content": "You're welcome."},
        user([{"type": "text", "text": "And its responsibilities?"}]),
    ]
    made = ai.chat.completions.create(model="rolebook", messages=messages)
    assert {item["role"] for item in made.citations} == {"Data Engineer"}


def test_thanks_are_no_question(ai):
    made = ai.chat.completions.create(model="rolebook", messages=[user(QUESTION), user("thank you so much!")])
    assert (made.choices[0].message.content, made.choices[0].message.annotations) == ("You're welcome.", [])


def test_a_budget_cuts_no_quote(ai):
    made = ai.chat.completions.create(model="rolebook", messages=[user(QUESTION)], max_tokens=3)
    assert made.choices[0].finish_reason == "length"
    assert made.usage.completion_tokens <= 3
    assert made.citations == []


def test_responses_and_their_stream(ai):
    made = ai.responses.create(model="rolebook", input=QUESTION, instructions="Be brief.")
    assert (made.status, made.object) == ("completed", "response")
    assert QUOTE in made.output_text
    (part,) = made.output[0].content
    note = part.annotations[0]
    assert QUOTE in part.text[note.start_index : note.end_index]
    assert made.citations[0]["quote"] == QUOTE
    told = list(ai.responses.create(model="rolebook", input=[user(QUESTION)], stream=True))
    assert [event.sequence_number for event in told] == list(range(len(told)))
    assert "".join(event.delta for event in told if event.type == "response.output_text.delta") == made.output_text
    assert told[0].type == "response.created"
    assert told[-1].type == "response.completed"
    assert told[-1].response.output_text == made.output_text


def test_the_models(ai):
    assert [model.id for model in ai.models.list()] == ["rolebook", "rolebook-extractive"]
    assert ai.models.retrieve("rolebook").owned_by == "rolebook"


@pytest.mark.parametrize(
    ("change", "status", "parameter"),
    [
        ({"model": "gpt-4o"}, 404, "model"),
        ({"messages": []}, 400, "messages"),
        ({"n": 2}, 400, "n"),
        ({"messages": [{"role": "king", "content": "a"}]}, 400, "messages.0.role"),
        ({"messages": [user([{"type": "image_url", "image_url": {"url": "data:"}}])]}, 400, None),
        ({"messages": [user("a" * 8001)]}, 400, None),
        ({"max_tokens": 0}, 400, "max_tokens"),
    ],
)
def test_errors_have_the_form_that_clients_read(ai, change, status, parameter):
    with pytest.raises(openai.APIStatusError) as told:
        ai.chat.completions.create(**({"model": "rolebook", "messages": [user("drift")]} | change))
    assert told.value.status_code == status
    assert told.value.body["message"]
    assert told.value.body["type"] == "invalid_request_error"
    if parameter:
        assert told.value.body["param"] == parameter


def test_nothing_is_kept_between_two_responses(ai):
    with pytest.raises(openai.NotFoundError, match="Send all of it"):
        ai.responses.create(model="rolebook", input="drift", previous_response_id="resp_1")
