/**
 * Lets cases run against the example of a runtime for Python. A case sketches its extensions in JavaScript; what of that
 * is written here in Python as well can be run. Beside this stand the reasons why other cases can't be.
 */
import { spawnSync } from "node:child_process";
import type { ExtensionFixture } from "@plugboard/core/testing";
import { inRepository } from "../support/repository.js";
import type { RuntimeUnderTest } from "./runtime-under-test.js";

const json = "JSON has no such value";
const { status } = spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]);

export const pythonRuntime: RuntimeUnderTest = {
  kind: "python",
  options: { developmentFolders: [inRepository("core/examples/runtime-python")] },
  passesReferences: false,
  lacks: { groups: "each extension is a process of its own" },
  lacksCases: {
    "an author finds the call's context after exactly the point's arguments": json,
    "timeoutMs reaches the author as the call's deadline": json,
    "a crash takes the dependents of the extension down, and they come back with it":
      "the example neither exports nor uses what others export",
  },
  adapt,
  ...(status === 0 ? {} : { absent: "there is no python3" }),
};

/** The texts of the cases, and the same in Python. */
const inPython: Readonly<Record<string, string>> = {
  "(input) => input": "def run(input, call): return input",
  "const seen = [];": "seen = []",
  "(input) => { if (input === 'seen') return seen; seen.push(input); return input * 2; }": `
def run(input, call):
    if input == "seen": return seen
    seen.append(input)
    return input * 2`,
  "(input) => { if (input === 'seen') return seen; seen.push(input); }": `
def run(input, call):
    if input == "seen": return seen
    seen.append(input)`,
  "await write('activating'); await new Promise((done) => setTimeout(done, 50)); seen.push('ready');": `
    await write("activating"); await asyncio.sleep(0.05); seen.append("ready")`,
  "(input, call) => { if (input !== 'hang') return input; call.signal.addEventListener('abort', () => { write('aborted'); }); write('asked'); return new Promise(() => {}); }": `
async def run(input, call):
    if input != "hang": return input
    write("asked")
    try: await asyncio.Event().wait()
    except asyncio.CancelledError:
        write("aborted")
        raise`,
  "const door = Promise.withResolvers();": "door = asyncio.Event()",
  "(input) => (input === 'open' ? void door.resolve('through') : door.promise)": `
async def run(input, call):
    if input == "open": door.set()
    else:
        await door.wait()
        return "through"`,
  "await write('activate');": `
    await write("activate")`,
  "(_, call) => call.deadline": `def run(input, call): return call["deadline"]`,
  "(input, call) => input !== 'late' ? input : new Promise((done) => { call.signal.addEventListener('abort', () => { done('too late'); write('answered'); }); })": `
async def run(input, call):
    if input != "late": return input
    try: await asyncio.Event().wait()
    except asyncio.CancelledError:
        write("answered")
        return "too late"`,
  "const codes = []; let contribute; const refused = (act) => { try { act(); codes.push('allowed'); } catch (error) { codes.push(error.code); } };": `
codes = []
def refused(*args):
    try:
        context.contribute(*args)
        codes.append("allowed")
    except Exception as error: codes.append(error.code)`,
  "() => { refused(() => context.contribute('subjects', 'eager', {})); return codes; }": `
def run(input, call):
    refused("subjects", "eager", {})
    return codes`,
  "refused(() => context.contribute('subjects', 'other', { run() {} }));": `
    refused("subjects", "other", {})`,
  "let calls = 0;": "calls = 0",
  "(input) => { calls++; if (input === 'exit') process.exit(3); if (input === 'hang') return new Promise(() => {}); return calls; }": `
def run(input, call):
    global calls
    calls += 1
    if input == "exit": os._exit(3)
    return asyncio.Event().wait() if input == "hang" else calls`,
  "(input) => 'other ' + input": `def run(input, call): return f"other {input}"`,
  "process.exit(4);": "os._exit(4)",
  "() => { for (;;); }": `
def run(input, call):
    while True: pass`,
};

function adapt(fixture: ExtensionFixture): ExtensionFixture {
  const { sketch } = fixture;
  // What brings the runtime is written in TypeScript.
  const subject = sketch.id.slice(sketch.id.lastIndexOf(".") + 1);
  const script =
    sketch.source === undefined
      ? [
          "import asyncio, os",
          `def write(line): return context.call("service/conformance.journal/write", str(line))`,
          ...said(sketch.head),
          ...said(/^\{ run: (.*) \}$/s.exec(sketch.supplies?.["subjects"]?.[subject] ?? "")?.[1]),
          "class Subject: pass",
          `if "run" in globals(): Subject.run = staticmethod(run)`,
          "async def activate(given):",
          "    global context",
          "    context = given",
          `    context.contribute("subjects", ${JSON.stringify(subject)}, Subject)`,
          ...said(sketch.activate).map((text) => text.replace(/^(?! {4}|\n)/, "    ")),
        ]
      : ["def activate(context): pass"];
  return fixture.with({
    manifest: { ...sketch.manifest, runtime: { kind: "python", script: "./main.py" } },
    files: { ...sketch.files, "main.py": `${script.join("\n")}\n` },
  });
}

/** In Python what a sketch says in JavaScript, apart from the way to the journal that all of them have. */
function said(text = ""): readonly string[] {
  const plain = text
    .replace("let write;", "")
    .replace(/const journal = .*?;\s*write = .*?;/s, "")
    .replaceAll('"', "'")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (plain === "") return [];
  const python = inPython[plain];
  if (python === undefined) throw new Error(`Nobody has said in Python: ${plain}`);
  return [python];
}
