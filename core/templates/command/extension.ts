import { commands, type ExtensionContext } from "@plugboard/extension-api";

export function activate(context: ExtensionContext): void {
  // Read at each call, so that a change of the settings needs no restart.
  const { configuration } = context;
  context.contribute(commands, "{{id}}", {
    execute: (name: unknown = "World") => {
      const end = configuration.get<boolean>("excited") === true ? "!" : ".";
      return `${configuration.get<string>("greeting") ?? "Hello"}, ${String(name)}${end}`;
    },
  });
}
