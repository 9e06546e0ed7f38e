/**
 * Tries what an extension that is granted nothing should not reach, and tells how each attempt ended: what
 * was asked for happened ("allowed"), it was refused ("denied"), or there is no such thing here ("absent").
 * An attempt that ends in a way that is none of these is told as it came, and fails the test.
 */

const denials = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ERR_ACCESS_DENIED",
  "ERR_DLOPEN_DISABLED",
  "ERR_PROTO_ACCESS",
]);
const absences = new Set([
  "EADDRNOTAVAIL",
  "ECONNREFUSED",
  "ENETUNREACH",
  "ENOENT",
  "ERR_UNKNOWN_BUILTIN_MODULE",
  "ESRCH",
  "MODULE_NOT_FOUND",
]);

/**
 * Each returns what it got hold of, or throws. `place` says what the host laid out: { sibling, outside, port,
 * datagramPort, socket, hostProcess, secretName }.
 */
const attempts = {
  "read /etc/passwd": async () => (await import("node:fs")).readFileSync("/etc/passwd"),
  "read a file of another extension": async ({ sibling }) => (await import("node:fs")).readFileSync(sibling),
  "list the folder above": async ({ folder }) => (await import("node:fs")).readdirSync(`${folder}/..`),
  "read through a link in its own folder": async ({ folder }) =>
    (await import("node:fs")).readFileSync(`${folder}/link`),
  "write into its own folder": async ({ folder }) =>
    (await import("node:fs")).writeFileSync(`${folder}/written.txt`, "x"),
  "write into the temporary folder": async ({ outside }) =>
    (await import("node:fs")).writeFileSync(`${outside}/written.txt`, "x"),
  "make a link": async ({ folder }) => (await import("node:fs")).symlinkSync("/etc/passwd", `${folder}/made`),
  "open a database with node:sqlite": async ({ outside }) => {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(`${outside}/probe.db`);
    database.exec("create table probe (x)");
    database.close();
  },
  "write a heap snapshot": async ({ outside }) =>
    (await import("node:v8")).writeHeapSnapshot(`${outside}/probe.heapsnapshot`),
  "have a heap snapshot written when memory runs out": async () =>
    (await import("node:v8")).setHeapSnapshotNearHeapLimit(1),
  "write a diagnostic report": async ({ outside }) => {
    const { report } = process;
    if (report === undefined) missing("there is no process.report");
    report.excludeNetwork = true;
    return report.writeReport(`${outside}/report.json`);
  },
  "choose where the report of a crash goes": async ({ outside }) => {
    const { report } = process;
    if (report === undefined) missing("there is no process.report");
    report.directory = outside;
    report.reportOnFatalError = true;
  },
  "start a program": async () => {
    const { spawn } = await import("node:child_process");
    const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await settled(child, "exit");
  },
  "start a thread": async () => {
    const { Worker } = await import("node:worker_threads");
    await settled(new Worker("", { eval: true }), "exit");
  },
  "use WASI": async () => new (await import("node:wasi")).WASI({ version: "preview1" }),
  "load a native addon": async ({ folder }) => {
    try {
      process.dlopen({ exports: {} }, `${folder}/extension.js`);
    } catch (error) {
      // The loader of the system looked at the file and found it to be no library: it would have loaded one.
      if (error.code !== "ERR_DLOPEN_FAILED") throw error;
    }
  },
  "open the inspector": async () => {
    const inspector = await import("node:inspector");
    inspector.open(0, "127.0.0.1");
    inspector.close();
  },
  "take Node's internals with process.binding": async () => process.binding("fs").internalModuleStat,
  "connect to a TCP port": async ({ port }) => {
    const { connect } = await import("node:net");
    const socket = connect(port, "127.0.0.1");
    await settled(socket, "connect");
    socket.destroy();
  },
  "connect to a Unix socket": async ({ socket: path }) => {
    const { connect } = await import("node:net");
    const socket = connect(path);
    await settled(socket, "connect");
    socket.destroy();
  },
  "listen on a TCP port": async () => {
    const { createServer } = await import("node:net");
    const server = createServer().listen(0);
    await settled(server, "listening");
    server.close();
  },
  "talk over UDP": async ({ datagramPort }) => {
    const { createSocket } = await import("node:dgram");
    const socket = createSocket("udp4");
    try {
      socket.connect(datagramPort, "127.0.0.1");
      await settled(socket, "connect");
      const answer = settled(socket, "message");
      socket.send("a question");
      await answer;
    } finally {
      socket.close();
    }
  },
  "ask a DNS server": async ({ datagramPort }) => {
    const { Resolver } = await import("node:dns/promises");
    const resolver = new Resolver({ timeout: 2_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${datagramPort}`]);
    try {
      await resolver.resolve4("secret.example");
    } catch (error) {
      // So the server has answered.
      if (error.code !== "ENOTFOUND") throw error;
    }
  },
  "fetch from a server": async ({ port }) => (await fetch(`http://127.0.0.1:${port}/`)).text(),
  "signal the host's process": async ({ hostProcess }) => process.kill(hostProcess, 0),
  "set the priority of the host's process": async ({ hostProcess }) => {
    const { getPriority, setPriority } = await import("node:os");
    setPriority(hostProcess, getPriority());
  },
  "read a secret of the host's environment": async ({ secretName }) =>
    process.env[secretName] ?? missing(`${secretName} is not set`),
  "read the host's environment in /proc": async ({ hostProcess }) =>
    (await import("node:fs")).readFileSync(`/proc/${hostProcess}/environ`),
  "change V8's flags": async () => (await import("node:v8")).setFlagsFromString("--no-trace-gc"),
  "ask who the user is": async () => (await import("node:os")).userInfo(),
  "set a prototype by assignment": async () => {
    const object = {};
    object.__proto__ = { reached: true };
    return object.reached;
  },
};

export function activate(context) {
  context.contribute("commands", "probe.run", {
    execute: async ({ wanted, ...place }) => {
      const results = {};
      for (const action of wanted ?? Object.keys(attempts)) {
        results[action] = await outcome(attempts[action], { ...place, folder: context.extension.path });
      }
      return results;
    },
  });
}

async function outcome(attempt, place) {
  try {
    await attempt(place);
    return { result: "allowed" };
  } catch (error) {
    // fetch tells of what went wrong beneath it only as a cause, and an error of the system has its own code inside.
    const code = error.cause?.code ?? error.info?.code ?? error.code;
    const detail = `${code ?? error.name}: ${error.message}`;
    if (denials.has(code)) return { result: "denied", detail };
    if (absences.has(code)) return { result: "absent", detail };
    return { result: detail, detail };
  }
}

function settled(emitter, event) {
  return new Promise((resolve, reject) => {
    emitter.once(event, resolve);
    emitter.once("error", reject);
  });
}

function missing(message) {
  throw Object.assign(new Error(message), { code: "ENOENT" });
}
