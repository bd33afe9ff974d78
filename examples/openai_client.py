"""The openai package against Rolebook: an answer, and where each mark points."""

import os
import sys

from openai import OpenAI

client = OpenAI(
    base_url=os.environ.get("ROLEBOOK_URL", "http://127.0.0.1:8000") + "/v1",
    api_key=os.environ.get("ROLEBOOK_KEY", "none"),
)
question = " ".join(sys.argv[1:]) or "Which roles own drift monitoring?"
completion = client.chat.completions.create(model="rolebook", messages=[{"role": "user", "content": question}])
message = completion.choices[0].message
print(message.content)
for annotation in message.annotations or []:
    note = annotation.url_citation
    print(f"{note.title}: {note.url}")
