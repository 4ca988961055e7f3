// A whole MCP server over standard input and output: three tools, each call written to the file that is named; what the
// third gives lies beside it.
const fs = require("fs");

const log = process.argv[2];
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");
const text = { type: "object", properties: { text: { type: "string" } } };
const answers = {
  initialize: (params) => ({
    protocolVersion: params.protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "notes", version: "1" },
  }),
  "tools/list": () => ({ tools: ["add", "wipe", "mail"].map((name) => ({ name, description: name, inputSchema: text })) }),
  "tools/call": (params) => {
    fs.appendFileSync(log, params.name + "\n");
    const text = params.name === "mail" ? fs.readFileSync(log + ".mail", "utf8") : `done: ${params.name}`;
    return { content: [{ type: "text", text }] };
  },
};

let rest = "";
process.stdin.on("data", (data) => {
  const lines = (rest + data).split("\n");
  rest = lines.pop();
  for (const message of lines.map((line) => JSON.parse(line)).filter((message) => message.id !== undefined)) {
    const answer = answers[message.method];
    send({ id: message.id, ...(answer ? { result: answer(message.params) } : { error: { code: -32601, message: "unknown" } }) });
  }
});
