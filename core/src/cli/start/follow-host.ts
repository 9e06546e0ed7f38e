/**
 * Runs a host that follows its folders, shows what happens and obeys, until it is asked to stop.
 * Which host, and what it looks like, is its caller's. Invariant: when this settles, the host has been stopped.
 */
import { hostControl, openControl, type HostControl } from "../../control.js";
import type { Disposable, ExtensionHost, HostOptions } from "../../index.js";
import type { CommandContext } from "../command-context.js";
import { exitCode } from "../exit-code.js";
import {
  extensionHostEvent,
  hostEventLogger,
  strayHostEvent,
  type HostEvent,
  type HostView,
} from "./host-event.js";
import { JsonDriver } from "./json-driver.js";

/** Which host {@link followHost} runs, and how. @internal */
export interface FollowOptions {
  readonly hostOptions: HostOptions;
  readonly view: HostView;
  /** Whether the end of standard input stops the host. */
  readonly exitWithStdin: boolean;
  /** Begins what the command does beside, before the host is started; ends when the host is to stop. */
  attend?(this: void, host: ExtensionHost, run: HostRun): Disposable;
}

/** A run of a host, as whoever attends it sees it. @internal */
export interface HostRun {
  readonly control: HostControl;
  /** Resolves when the host answers calls. */
  readonly ready: Promise<void>;
  /** Asks for the end. */
  stop(this: void): void;
}

/** Runs until a signal, a `stop` command, or the end of standard input if that is asked for. @internal */
export async function followHost(context: CommandContext, options: FollowOptions): Promise<number> {
  const { io, output, services } = context;
  const { hostOptions, view, exitWithStdin } = options;
  const stopping = Promise.withResolvers<void>();
  const stop = () => stopping.resolve();
  if (io.signal.aborted) stop();
  else io.signal.addEventListener("abort", stop, { once: true });

  const show = (hostEvent: HostEvent) => view.show(hostEvent);
  const { inProcessScope } = io;
  const logger = hostEventLogger(show);
  const host = services.createHost({ ...hostOptions, inProcessScope, watch: true, logger });
  const listening: readonly Disposable[] = [
    host.extensions.onDidChange((event) => show(extensionHostEvent(event, host))),
    host.onDidChangeContributions((change) => show({ kind: "contributions", ...change })),
    io.onStrayOutput((output) => show(strayHostEvent(output))),
  ];
  const { stateFolder } = hostOptions;
  const control = hostControl(host);
  const onTrouble = (error: unknown) => show(notReachable(error));
  // Whoever asks for that from elsewhere is answered when nothing runs any more.
  const stopWhole = (): Promise<void> => {
    stop();
    return host.stop();
  };
  // Whoever wants to see or steer it from elsewhere finds it in its state folder.
  const opening =
    stateFolder === undefined || context.options.control === false
      ? undefined
      : openControl(host, { stateFolder, control, stop: stopWhole, onTrouble });
  let driver: JsonDriver | undefined;
  let attendance: Disposable | undefined;
  try {
    view.open(host);
    const started = Promise.withResolvers<void>();
    const ready = started.promise;
    // Waited for below; a command that waits for it as well gets the same reason.
    ready.catch(() => undefined);
    attendance = options.attend?.(host, { control, ready, stop });
    started.resolve(becomeReady(host, show));
    if (output.isJson) {
      driver = new JsonDriver({ control, output, cwd: io.cwd, ready, stop });
      void driver.readCommands(io.stdin).then(() => exitWithStdin && stop(), stop);
    } else if (exitWithStdin) {
      io.stdin.once("end", stop).once("error", stop).resume();
    }
    // A start that fails is the host's own fault and ends the command.
    await Promise.race([ready.then(() => stopping.promise), stopping.promise]);
  } finally {
    attendance?.dispose();
    show({ kind: "stopping" });
    await host.stop();
    (await opening)?.dispose();
    await driver?.close();
    for (const listener of listening) listener.dispose();
    io.signal.removeEventListener("abort", stop);
    show({ kind: "stopped" });
    view.close();
  }
  return exitCode.done;
}

function notReachable(error: unknown): HostEvent {
  const why = error instanceof Error ? error.message : String(error);
  const message = `Other commands can't reach this host: ${why}`;
  return { kind: "log", level: "warn", message, fields: {} };
}

async function becomeReady(host: ExtensionHost, show: (hostEvent: HostEvent) => void): Promise<void> {
  const startedAt = performance.now();
  const starting = host.start();
  // A start that fails lists nothing; its reason counts.
  await Promise.race([host.listed, starting]);
  show({ kind: "ready", extensions: host.extensions.size, elapsedMs: performance.now() - startedAt });
  await starting;
}
