"""The mcp package against Rolebook: which tools there are, and one call."""

import asyncio
import os
import sys

from mcp import Client

SERVER = os.environ.get("ROLEBOOK_URL", "http://127.0.0.1:8000") + "/mcp"


async def main(matter: str) -> None:
    async with Client(SERVER) as client:
        print("Tools:", ", ".join(tool.name for tool in (await client.list_tools()).tools))
        told = await client.call_tool("find_owners", {"matter": matter})
        answer = told.structured_content
        print(answer["answer"])
        for citation in answer["citations"]:
            print(f"[{citation['id']}] {citation['role']}: {citation['deep_link'] or citation['passage_id']}")


asyncio.run(main(" ".join(sys.argv[1:]) or "drift monitoring"))
