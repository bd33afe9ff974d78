// The openai package for Node against Rolebook: the answer as it comes, then where its marks point.
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: (process.env.ROLEBOOK_URL ?? "http://127.0.0.1:8000") + "/v1",
  apiKey: process.env.ROLEBOOK_KEY ?? "none",
});
const question = process.argv.slice(2).join(" ") || "Which roles own drift monitoring?";
const stream = await client.chat.completions.create({
  model: "rolebook",
  messages: [{ role: "user", content: question }],
  stream: true,
});
const notes = [];
for await (const chunk of stream) {
  const delta = chunk.choices[0]?.delta ?? {};
  process.stdout.write(delta.content ?? "");
  notes.push(...(delta.annotations ?? []));
}
console.log();
for (const { url_citation: note } of notes) console.log(`${note.title}: ${note.url}`);
