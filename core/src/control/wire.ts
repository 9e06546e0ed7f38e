/**
 * The lines between a host and who steers it: JSON, one value a line, both ways. A command is `{<name>: value, ref}`; its
 * answer `{ref, result}` or `{ref, error}`; an event that was asked for is the event itself with the `ref` of the asking
 * command. Here stands the one list of commands, for every stream that carries them.
 */
import { ExtensionError, type ErrorCode } from "@plugboard/extension-api";
import { isRecord } from "../common/is-record.js";
import { nearest } from "../common/nearest.js";
import type { ControlCall, EventsOptions, HostControl } from "./host-control.js";

/** The version of the lines; a host tells it in the first of them. @internal */
export const wireVersion = 1;

/** Characters of the longest line: the largest arguments of a call, and what is around them. @internal */
export const longestLine = 16 * 1024 * 1024 + 64 * 1024;

/** A command, understood. @internal */
export type Command = { readonly ref: unknown } & (
  | {
      readonly kind: "ask";
      readonly name: CommandName;
      perform(control: HostControl, signal: AbortSignal): Promise<unknown>;
    }
  | { readonly kind: "events"; readonly options: EventsOptions }
  | { readonly kind: "cancel"; readonly of: unknown }
  | { readonly kind: "stop" }
);

type Perform = (control: HostControl, signal: AbortSignal) => Promise<unknown>;

/** Checks the value of a command and gives what to do; undefined if the value is not of the right kind. */
type Reading = (value: unknown) => Perform | undefined;

const bare =
  (perform: Perform): Reading =>
  (value) =>
    value === true ? perform : undefined;

const text =
  (perform: (control: HostControl, value: string) => Promise<unknown>): Reading =>
  (value) =>
    typeof value === "string" ? (control) => perform(control, value) : undefined;

/** By name, with the form of the value for whoever got it wrong. */
const commands = {
  info: ["true", bare((control) => control.info())],
  list: ['true or {"memory": false}', list],
  problems: ["true", bare((control) => control.problems())],
  points: ["true", bare((control) => control.points())],
  rescan: ["true", bare((control) => control.rescan())],
  explain: ['"id or event"', text((control, subject) => control.explain(subject))],
  contributions: ['true or "point"', contributions],
  call: ['{"point", "id", "method", "args", "timeoutMs"}', call],
  fire: ['"event"', text((control, event) => control.fire(event))],
  activate: ['"id"', text((control, id) => control.activate(id))],
  deactivate: ['"id"', text((control, id) => control.deactivate(id))],
  reload: ['"id"', text((control, id) => control.reload(id))],
  retry: ['"id"', text((control, id) => control.retry(id))],
  enable: ['"id"', text((control, id) => control.enable(id))],
  disable: ['"id"', text((control, id) => control.disable(id))],
  trust: ['"id" or {"id", "isPinned"}', trust],
  untrust: ['"id"', text((control, id) => control.untrust(id))],
  configure: ['{"id", "settings"}', configure],
} satisfies Readonly<Record<string, readonly [form: string, Reading]>>;

/** The commands that are asked and answered once. @internal */
export type CommandName = keyof typeof commands;

const otherForms = {
  events: 'true or {"since", "follow", "kinds", "ids"}',
  cancel: "the ref of a call or of events",
  stop: "true",
};

/** Understands a line. @throws ExtensionError `CONTROL_INVALID`, with the `ref` of the command where it can be told @internal */
export function readCommand(line: string): Command {
  const parsed = parseLine(line);
  const { ref } = parsed;
  const names = Object.keys(parsed).filter((key) => key !== "ref");
  const [name] = names;
  if (name === undefined || names.length !== 1)
    throw invalid("A command has one key beside ref.", { ref, advice: everyForm() });
  const value = parsed[name];
  if (name === "stop" && value === true) return { ref, kind: "stop" };
  if (name === "cancel") return { ref, kind: "cancel", of: value };
  if (name === "events") return { ref, kind: "events", options: eventsOptions(value, ref) };
  if (!Object.hasOwn(commands, name)) {
    const forms = Object.hasOwn(otherForms, name) ? `${name} takes ${formOf(name)}.` : everyForm();
    throw invalid(`The command ${JSON.stringify(name)} is not known, or not with that value.${hint(name)}`, {
      ref,
      advice: forms,
    });
  }
  const command = name as CommandName;
  const perform = commands[command][1](value);
  if (perform === undefined)
    throw invalid(`The value of ${name} is not of the right kind.`, {
      ref,
      advice: `${name} takes ${formOf(name)}.`,
    });
  return { ref, kind: "ask", name: command, perform };
}

/** The `ref` that an error of {@link readCommand} belongs to. @internal */
export function refOf(error: unknown): unknown {
  return error instanceof ExtensionError ? error.details["ref"] : undefined;
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (error) {
    throw invalid(`The line is not JSON: ${error instanceof Error ? error.message : String(error)}.`, {});
  }
  if (!isRecord(parsed)) throw invalid("A command is an object.", {});
  return parsed;
}

function call(value: unknown): Perform | undefined {
  if (!isRecord(value)) return undefined;
  const { point, id, method, args = [], timeoutMs } = value;
  if (typeof point !== "string" || typeof id !== "string" || typeof method !== "string") return undefined;
  if (!Array.isArray(args) || (timeoutMs !== undefined && typeof timeoutMs !== "number")) return undefined;
  const named: ControlCall = { point, id, method, args };
  return (control, signal) => control.call(named, { signal, ...(timeoutMs !== undefined && { timeoutMs }) });
}

function list(value: unknown): Perform | undefined {
  if (value === true) return (control) => control.list({ memory: true });
  if (!isRecord(value) || typeof value["memory"] !== "boolean") return undefined;
  const { memory } = value;
  return (control) => control.list({ memory });
}

function contributions(value: unknown): Perform | undefined {
  if (value !== true && typeof value !== "string") return undefined;
  return (control) => control.contributions(value === true ? undefined : value);
}

function trust(value: unknown): Perform | undefined {
  if (typeof value === "string") return (control) => control.trust(value);
  if (!isRecord(value)) return undefined;
  const { id, isPinned = false } = value;
  if (typeof id !== "string" || typeof isPinned !== "boolean") return undefined;
  return (control) => control.trust(id, { isPinned });
}

function configure(value: unknown): Perform | undefined {
  if (!isRecord(value)) return undefined;
  const { id, settings } = value;
  if (typeof id !== "string" || !isRecord(settings)) return undefined;
  return (control) => control.configure(id, settings);
}

function eventsOptions(value: unknown, ref: unknown): EventsOptions {
  const isList = (list: unknown): boolean =>
    list === undefined || (Array.isArray(list) && list.every((one) => typeof one === "string"));
  const options: unknown = value === true ? {} : value;
  if (isRecord(options)) {
    const { since, follow, kinds, ids } = options;
    const isPlace = since === undefined || since === "oldest" || Number.isSafeInteger(since);
    const isSwitch = follow === undefined || typeof follow === "boolean";
    if (isPlace && isSwitch && isList(kinds) && isList(ids)) return options as EventsOptions;
  }
  throw invalid("The value of events is not of the right kind.", {
    ref,
    advice: `events takes ${otherForms.events}.`,
  });
}

function formOf(name: string): string {
  return {
    ...otherForms,
    ...Object.fromEntries(Object.entries(commands).map(([one, [form]]) => [one, form])),
  }[name as "stop"];
}

function everyForm(): string {
  const forms = [...Object.keys(commands), ...Object.keys(otherForms)].map(
    (name) => `{"${name}": ${formOf(name)}}`,
  );
  return `Send one of these on a line, with a ref to tell the answers apart: ${forms.join(", ")}.`;
}

function hint(name: string): string {
  const near = nearest(name, [...Object.keys(commands), ...Object.keys(otherForms)]);
  return near === undefined || near === name ? "" : ` Did you mean ${near}?`;
}

function invalid(
  message: string,
  { ref, advice }: { readonly ref?: unknown; readonly advice?: string },
): ExtensionError {
  const code: ErrorCode = "CONTROL_INVALID";
  return new ExtensionError(code, message, {
    details: { ...(ref !== undefined && { ref }), ...(advice && { advice }) },
  });
}
