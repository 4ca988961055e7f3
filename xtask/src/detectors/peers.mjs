// Rows of JSON on standard input; for each a line of JSON: what each detector of npm says of its text.
import { createInterface } from "node:readline";
import vard from "@andersmyrmel/vard";
import { isSafe } from "@claude-flow/aidefence";
import { checkInjection } from "llm_guardrail";

// Its limit on length would flag long texts whatever they say.
const checks = vard().maxLength(1e9);
for await (const line of createInterface({ input: process.stdin })) {
  const { text } = JSON.parse(line);
  const said = {
    "vard 1.2.0": !checks.safeParse(text).safe,
    "aidefence 3.0.3": !(await isSafe(text)),
    "llm_guardrail 2.1.2": !(await checkInjection(text)).allowed,
  };
  console.log(JSON.stringify(said));
}
