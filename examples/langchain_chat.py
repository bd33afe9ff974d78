"""LangChain's ChatOpenAI over Rolebook, with a follow-up."""

import os

from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI

chat = ChatOpenAI(
    model="rolebook",
    base_url=os.environ.get("ROLEBOOK_URL", "http://127.0.0.1:8000") + "/v1",
    api_key=os.environ.get("ROLEBOOK_KEY", "none"),
)
messages = [HumanMessage("What are the KPIs of the MLOps Manager?")]
messages.append(chat.invoke(messages))
print(messages[-1].content)
messages.append(HumanMessage("And its responsibilities?"))
print(chat.invoke(messages).content)
