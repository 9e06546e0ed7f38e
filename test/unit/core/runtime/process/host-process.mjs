/** A host to be killed: opens a child for each folder given, has it greeted, and prints their process ids. */
import { Children } from "../../../../../core/dist/runtime/child/children.js";
import { ProcessDriver } from "../../../../../core/dist/runtime/process/process-driver.js";

const granted = {
  fs: { read: [], write: [] },
  // without a sandbox, which would end them by its own means
  net: true,
  env: [],
  childProcess: false,
  workers: false,
  addons: false,
  wasi: false,
};
const driver = new ProcessDriver({ children: new Children(2 ** 30), memoryBytes: 2 ** 30, packages: {} });
const ids = [];
for (const path of process.argv.slice(2)) {
  const extension = { id: "test.greeter", version: "1.0.0", path };
  const channel = await driver.connect(
    {
      extension,
      runtime: { kind: "process" },
      group: undefined,
      capabilities: granted,
      environment: {},
      onOutput: () => undefined,
    },
    { signal: new AbortController().signal },
  );
  const active = new Promise((resolve) => {
    channel.receive((frames) => {
      if (frames.some(({ type }) => type === "ready")) resolve();
    });
  });
  const hello = {
    type: "hello",
    session: 1,
    protocol: 1,
    extension,
    generation: 1,
    main: "./extension.cjs",
    runtime: { kind: "process" },
    contributions: [{ point: "greeters", id: "test", methods: { greet: 1 } }],
    services: [],
    undeclaredServices: [],
    dependencies: [],
    points: [],
    configuration: {},
    limits: { callMs: 0, callBytes: 1024 },
    environment: {},
    withStacks: false,
  };
  channel.send([hello], []);
  await active;
  channel.send(
    [{ type: "call", session: 1, id: 1, target: "contribution/greeters/test/greet", args: ["x"] }],
    [],
  );
  ids.push(channel.processId);
}
process.stdout.write(`${JSON.stringify(ids)}\n`);
