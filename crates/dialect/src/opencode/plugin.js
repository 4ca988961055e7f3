// written by bailiwick init: every tool call of opencode is put to the guard. Changes here are lost.
import { spawnSync as spawn } from "node:child_process"

const PROGRAM = @PROGRAM@
const ARGUMENTS = @ARGUMENTS@
// Longer than the guard's own 5 s, so that its answer, not this limit, decides.
const OPTIONS = { timeout: 15000, killSignal: "SIGKILL", maxBuffer: 1 << 20, encoding: "utf8", windowsHide: true }
const BLOCKED = "bailiwick did not answer, so this is blocked: run bailiwick doctor"
const [run, parse, stringify, freeze, values] = [spawn, JSON.parse, JSON.stringify, Object.freeze, Object.values]
const children = new Map()

function put(message) {
  let answer
  try {
    const { status, stdout } = run(PROGRAM, ARGUMENTS, { ...OPTIONS, input: stringify({ bailiwick: 1, ...message }) })
    answer = status === 0 ? parse(stdout) : undefined
  } catch {}
  if (answer?.bailiwick === 1 && answer.verdict === "pass") return answer
  throw new Error((answer?.verdict === "deny" && answer.reason) || BLOCKED)
}

// What was judged is what runs: a plugin that comes later cannot change the arguments any more.
function fix(value) {
  if (value && typeof value === "object") values(freeze(value)).forEach(fix)
}

function scene(cwd, session) {
  let root = session
  for (let depth = 0; depth < 64 && children.has(root); depth++) root = children.get(root).parent
  const agent = root === session ? {} : { agent: session, kind: children.get(session).kind }
  return { cwd, session: root, ...agent }
}

const said = (parts) => (parts ?? []).map((part) => part.text ?? "").join("\n")

export const Bailiwick = async ({ directory }) => ({
  event: async ({ event }) => {
    const info = event.type === "session.created" ? event.properties.info : {}
    if (info.parentID) children.set(info.id, { parent: info.parentID, kind: info.agent ?? "" })
  },
  "chat.message": async ({ sessionID }, { parts }) => {
    if (!children.has(sessionID)) put({ event: "prompt", ...scene(directory, sessionID), text: said(parts) })
  },
  "tool.execute.before": async ({ tool, sessionID, callID }, output) => {
    const { command } = put({ event: "call", ...scene(directory, sessionID), call: callID, tool, args: output.args ?? {} })
    if (command !== undefined) output.args.command = command
    fix(output)
  },
  "tool.execute.after": async ({ tool, sessionID, callID, args }, result) => {
    const given = result.output ?? said(result.content)
    const { text } = put({ event: "outcome", ...scene(directory, sessionID), call: callID, tool, args: args ?? {}, text: given })
    if (text === undefined) return
    if (result.output !== undefined) result.output = text
    if (result.content !== undefined) result.content = [{ type: "text", text }]
  },
})
