"""A chatbot for the terminal with nothing but Python: it keeps the conversation and sends all of it."""

import json
import os
import urllib.request

BASE = os.environ.get("ROLEBOOK_URL", "http://127.0.0.1:8000")
HEADERS = {"Content-Type": "application/json", "Accept": "text/event-stream"}
if key := os.environ.get("ROLEBOOK_KEY"):
    HEADERS["Authorization"] = f"Bearer {key}"


def say(messages: list[dict[str, str]]) -> str:
    """Prints the answer as it comes, then its sources; gives its text."""
    body = json.dumps({"model": "rolebook", "messages": messages, "stream": True}).encode()
    request = urllib.request.Request(f"{BASE}/v1/chat/completions", body, HEADERS)
    text, sources = "", {}
    with urllib.request.urlopen(request) as response:
        for line in response:
            data = line.decode().removeprefix("data: ").strip()
            if not data or data == "[DONE]":
                continue
            chunk = json.loads(data)
            piece = chunk["choices"][0]["delta"].get("content", "")
            print(piece, end="", flush=True)
            text += piece
            sources |= {item["id"]: item for item in chunk.get("citations", [])}
    print()
    for number, item in sources.items():
        print(f"  [{number}] {item['role']}: {item['deep_link'] or item['passage_id']}")
    return text


messages: list[dict[str, str]] = []
while True:
    try:
        messages.append({"role": "user", "content": input("> ")})
    except (EOFError, KeyboardInterrupt):
        break
    messages.append({"role": "assistant", "content": say(messages)})
