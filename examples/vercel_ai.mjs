// The Vercel AI SDK against Rolebook: an answer at once, a follow-up as it comes, and the sources of both.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";

// The SDK lets annotations of such servers fall; a metadata extractor picks up the citations.
const metadataExtractor = {
  extractMetadata: async ({ parsedBody }) => ({ rolebook: { citations: parsedBody.citations ?? [] } }),
  createStreamExtractor: () => {
    let citations = [];
    return {
      processChunk: (chunk) => (citations = chunk?.citations ?? citations),
      buildMetadata: () => ({ rolebook: { citations } }),
    };
  },
};
const rolebook = createOpenAICompatible({
  name: "rolebook",
  baseURL: (process.env.ROLEBOOK_URL ?? "http://127.0.0.1:8000") + "/v1",
  apiKey: process.env.ROLEBOOK_KEY ?? "none",
  includeUsage: true,
  metadataExtractor,
});
const model = rolebook("rolebook");

function showSources(metadata) {
  for (const { id, role, deep_link, passage_id } of metadata.rolebook.citations)
    console.log(`  [${id}] ${role}: ${deep_link ?? passage_id}`);
}

const messages = [{ role: "user", content: process.argv.slice(2).join(" ") || "What are the KPIs of the FinOps Lead?" }];
const first = await generateText({ model, messages });
console.log(first.text);
showSources(first.providerMetadata);

messages.push({ role: "assistant", content: first.text }, { role: "user", content: "And the responsibilities?" });
const second = streamText({ model, messages });
for await (const piece of second.textStream) process.stdout.write(piece);
console.log();
showSources(await second.providerMetadata);
console.log(`${(await second.usage).outputTokens} tokens`);
