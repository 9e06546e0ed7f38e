/** Asks a person on a terminal for what the command line does not say of a new extension. */
import type { Readable, Writable } from "node:stream";
import type { CommandIo, StopReason } from "../command-io.js";
import { StoppedError } from "../exit-code.js";
import { faultOfId, faultOfName, nameOf, type Project } from "./project.js";
import { templateNames, templates, type TemplateName } from "./templates.js";

/** What is known before anything is asked. @internal */
export interface KnownOfProject {
  readonly template: Project["template"] | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** What the id is taken to be unless something else is typed. */
  readonly likelyId: string | undefined;
}

/**
 * Asks for the rest.
 *
 * @throws StoppedError when the person leaves instead of answering
 * @internal
 */
export async function askForProject(io: CommandIo, known: KnownOfProject): Promise<Project> {
  const { select, text } = await import("@clack/prompts");
  // On a terminal these are the process's own.
  const streams = {
    input: io.stdin as unknown as Readable,
    output: io.stdout as unknown as Writable,
    signal: io.signal,
  };
  const answered = <Answer extends string>(answer: Answer | symbol): Answer => {
    if (typeof answer === "string") return answer;
    throw new StoppedError(io.signal.aborted ? (io.signal.reason as StopReason) : "SIGINT");
  };
  const template =
    known.template ??
    answered<TemplateName>(
      await select({
        ...streams,
        message: "Which template?",
        options: templateNames.map((name) => ({
          value: name,
          label: `${name.padEnd(12)} ${templates[name].summary}`,
        })),
      }),
    );
  const id =
    known.id ??
    answered(
      await text({
        ...streams,
        message: "What is its id, among all extensions?",
        placeholder: "acme.hello",
        ...(known.likelyId !== undefined && { initialValue: known.likelyId }),
        validate: (typed = "") => faultOfId(typed),
      }),
    );
  const name =
    known.name ??
    answered(
      await text({
        ...streams,
        message: "What is it called, for people?",
        initialValue: nameOf(id),
        validate: (typed = "") => faultOfName(typed),
      }),
    );
  return { template, id, name };
}
