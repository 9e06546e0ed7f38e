/** Generated from frame.schema.json by `npm run generate -w @plugboard/schemas`. Do not edit. */

type Fields = Readonly<Record<string, unknown>>;

/**
 * Tells by its place the first thing that keeps a value from being a frame; undefined for a sound one. Says
 * nothing of fields that it does not know, nor of what is nested in something thrown.
 *
 * @public
 */
export function frameFault(frame: unknown): string | undefined {
  if (!isObject(frame)) return "is no object";
  switch (frame.type) {
    case "hello":
      return helloFrameFault(frame);
    case "ready":
      return readyFrameFault(frame);
    case "call":
      return callFrameFault(frame);
    case "ok":
      return okFrameFault(frame);
    case "err":
      return errFrameFault(frame);
    case "cancel":
      return cancelFrameFault(frame);
    case "emit":
      return emitFrameFault(frame);
    case "log":
      return logFrameFault(frame);
    case "bye":
      return byeFrameFault(frame);
    case "gone":
      return goneFrameFault(frame);
    default:
      return "/type is no kind of frame";
  }
}

function frameMethodsFault(value: unknown): string | undefined {
  if (!isObject(value)) return ` has to be an object`;
  for (const key of Object.keys(value)) {
    if (!(isWhole(value[key]) || value[key] === "variadic"))
      return `/${shown(key)} has to be a whole number, not negative or "variadic"`;
  }
  return undefined;
}

function encodedErrorFault(value: unknown): string | undefined {
  if (!isObject(value)) return ` has to be an object`;
  if (!(typeof value.name === "string")) return `/name has to be text`;
  if (!(typeof value.message === "string")) return `/message has to be text`;
  if (value.code !== undefined) {
    if (!(typeof value.code === "string" || Number.isFinite(value.code)))
      return `/code has to be text or a number`;
  }
  if (value.isExtensionError !== undefined) {
    if (!(typeof value.isExtensionError === "boolean")) return `/isExtensionError has to be true or false`;
  }
  if (value.extensionId !== undefined) {
    if (!(typeof value.extensionId === "string")) return `/extensionId has to be text`;
  }
  if (value.details !== undefined) {
    if (!isObject(value.details)) return `/details has to be an object`;
  }
  if (value.stack !== undefined) {
    if (!(typeof value.stack === "string")) return `/stack has to be text`;
  }
  if (value.cause !== undefined) {
    if (!isObject(value.cause)) return `/cause has to be an object`;
  }
  if (value.errors !== undefined) {
    if (!Array.isArray(value.errors)) return `/errors has to be a list`;
  }
  return undefined;
}

function encodedThrownFault(value: unknown): string | undefined {
  if (!isObject(value)) return ` has to be an object`;
  if (value.error !== undefined) {
    {
      const fault = encodedErrorFault(value.error);
      if (fault !== undefined) return `/error${fault}`;
    }
  }
  return undefined;
}

function exportDescriptorFault(value: unknown): string | undefined {
  if (!isObject(value)) return ` has to be an object`;
  if (!Array.isArray(value.functions)) return `/functions has to be a list`;
  for (let index = 0; index < value.functions.length; index++) {
    const item: unknown = value.functions[index];
    if (!(typeof item === "string")) return `/functions/${index} has to be text`;
  }
  if (!isObject(value.values)) return `/values has to be an object`;

  return undefined;
}

function collectionLineFault(value: unknown): string | undefined {
  if (!isObject(value)) return ` has to be an object`;
  if (!(typeof value.id === "string")) return `/id has to be text`;
  if (!(typeof value.extensionId === "string")) return `/extensionId has to be text`;
  if (!isWhole(value.generation)) return `/generation has to be a whole number, not negative`;
  if (!isObject(value.item)) return `/item has to be an object`;

  return undefined;
}

function helloFrameFault(value: Fields): string | undefined {
  if (!(value.type === "hello")) return `/type has to be "hello"`;
  if (!isWhole(value.session)) return `/session has to be a whole number, not negative`;
  if (!(value.protocol === 1)) return `/protocol has to be 1`;
  if (!isObject(value.extension)) return `/extension has to be an object`;
  if (!(typeof value.extension.id === "string")) return `/extension/id has to be text`;
  if (!(typeof value.extension.version === "string")) return `/extension/version has to be text`;
  if (!(typeof value.extension.path === "string")) return `/extension/path has to be text`;
  if (!isWhole(value.generation)) return `/generation has to be a whole number, not negative`;
  if (!(typeof value.main === "string")) return `/main has to be text`;
  if (value.trusted !== undefined) {
    if (!Array.isArray(value.trusted)) return `/trusted has to be a list`;
    for (let index = 0; index < value.trusted.length; index++) {
      const item: unknown = value.trusted[index];
      if (!isObject(item)) return `/trusted/${index} has to be an object`;
      if (!(typeof item.path === "string")) return `/trusted/${index}/path has to be text`;
      if (!(typeof item.sha256 === "string")) return `/trusted/${index}/sha256 has to be text`;
    }
  }
  if (!isObject(value.runtime)) return `/runtime has to be an object`;

  if (!Array.isArray(value.contributions)) return `/contributions has to be a list`;
  for (let index = 0; index < value.contributions.length; index++) {
    const item: unknown = value.contributions[index];
    if (!isObject(item)) return `/contributions/${index} has to be an object`;
    if (!(typeof item.point === "string")) return `/contributions/${index}/point has to be text`;
    if (!(typeof item.id === "string")) return `/contributions/${index}/id has to be text`;
    {
      const fault = frameMethodsFault(item.methods);
      if (fault !== undefined) return `/contributions/${index}/methods${fault}`;
    }
  }
  if (!Array.isArray(value.services)) return `/services has to be a list`;
  for (let index = 0; index < value.services.length; index++) {
    const item: unknown = value.services[index];
    if (!isObject(item)) return `/services/${index} has to be an object`;
    if (!(typeof item.id === "string")) return `/services/${index}/id has to be text`;
    {
      const fault = frameMethodsFault(item.methods);
      if (fault !== undefined) return `/services/${index}/methods${fault}`;
    }
  }
  if (!Array.isArray(value.undeclaredServices)) return `/undeclaredServices has to be a list`;
  for (let index = 0; index < value.undeclaredServices.length; index++) {
    const item: unknown = value.undeclaredServices[index];
    if (!(typeof item === "string")) return `/undeclaredServices/${index} has to be text`;
  }
  if (!Array.isArray(value.dependencies)) return `/dependencies has to be a list`;
  for (let index = 0; index < value.dependencies.length; index++) {
    const item: unknown = value.dependencies[index];
    if (!isObject(item)) return `/dependencies/${index} has to be an object`;
    if (!(typeof item.id === "string")) return `/dependencies/${index}/id has to be text`;
    if (!(item.kind === "required" || item.kind === "optional"))
      return `/dependencies/${index}/kind has to be "required" or "optional"`;
    if (item.exports !== undefined) {
      {
        const fault = exportDescriptorFault(item.exports);
        if (fault !== undefined) return `/dependencies/${index}/exports${fault}`;
      }
    }
  }
  if (!Array.isArray(value.points)) return `/points has to be a list`;
  for (let index = 0; index < value.points.length; index++) {
    const item: unknown = value.points[index];
    if (!isObject(item)) return `/points/${index} has to be an object`;
    if (!(typeof item.id === "string")) return `/points/${index}/id has to be text`;
    {
      const fault = frameMethodsFault(item.methods);
      if (fault !== undefined) return `/points/${index}/methods${fault}`;
    }
    if (!Array.isArray(item.lines)) return `/points/${index}/lines has to be a list`;
    for (let index1 = 0; index1 < item.lines.length; index1++) {
      const item1: unknown = item.lines[index1];
      {
        const fault = collectionLineFault(item1);
        if (fault !== undefined) return `/points/${index}/lines/${index1}${fault}`;
      }
    }
  }
  if (!isObject(value.configuration)) return `/configuration has to be an object`;

  if (value.state !== undefined) {
    if (!isObject(value.state)) return `/state has to be an object`;
    if (!Number.isFinite(value.state.version)) return `/state/version has to be a number`;
  }
  if (!isObject(value.limits)) return `/limits has to be an object`;
  if (!(Number.isFinite(value.limits.callMs) && (value.limits.callMs as number) >= 0))
    return `/limits/callMs has to be a number, not negative`;
  if (!(Number.isFinite(value.limits.callBytes) && (value.limits.callBytes as number) >= 0))
    return `/limits/callBytes has to be a number, not negative`;
  if (!isObject(value.environment)) return `/environment has to be an object`;
  for (const key of Object.keys(value.environment)) {
    if (!(typeof value.environment[key] === "string")) return `/environment/${shown(key)} has to be text`;
  }
  if (!(typeof value.withStacks === "boolean")) return `/withStacks has to be true or false`;
  if (value.reuse !== undefined) {
    if (!isWhole(value.reuse)) return `/reuse has to be a whole number, not negative`;
  }
  return undefined;
}

function readyFrameFault(value: Fields): string | undefined {
  if (!(value.type === "ready")) return `/type has to be "ready"`;
  if (!isWhole(value.session)) return `/session has to be a whole number, not negative`;
  if (!Array.isArray(value.supplied)) return `/supplied has to be a list`;
  for (let index = 0; index < value.supplied.length; index++) {
    const item: unknown = value.supplied[index];
    if (!isObject(item)) return `/supplied/${index} has to be an object`;
    if (!(typeof item.point === "string")) return `/supplied/${index}/point has to be text`;
    if (!(typeof item.id === "string")) return `/supplied/${index}/id has to be text`;
  }
  if (!Array.isArray(value.findings)) return `/findings has to be a list`;
  for (let index = 0; index < value.findings.length; index++) {
    const item: unknown = value.findings[index];
    if (!isObject(item)) return `/findings/${index} has to be an object`;
    if (!(item.code === "CONTRIBUTION_MISSING" || item.code === "CONTRIBUTION_INCOMPLETE"))
      return `/findings/${index}/code has to be "CONTRIBUTION_MISSING" or "CONTRIBUTION_INCOMPLETE"`;
    if (!(typeof item.point === "string")) return `/findings/${index}/point has to be text`;
    if (!(typeof item.id === "string")) return `/findings/${index}/id has to be text`;
    if (!(typeof item.message === "string")) return `/findings/${index}/message has to be text`;
  }
  if (!(typeof value.savesState === "boolean")) return `/savesState has to be true or false`;
  {
    const fault = exportDescriptorFault(value.exports);
    if (fault !== undefined) return `/exports${fault}`;
  }
  if (!isObject(value.times)) return `/times has to be an object`;
  if (!(Number.isFinite(value.times.load) && (value.times.load as number) >= 0))
    return `/times/load has to be a number, not negative`;
  if (!(Number.isFinite(value.times.call) && (value.times.call as number) >= 0))
    return `/times/call has to be a number, not negative`;
  if (!(Number.isFinite(value.times.settle) && (value.times.settle as number) >= 0))
    return `/times/settle has to be a number, not negative`;
  return undefined;
}

function callFrameFault(value: Fields): string | undefined {
  if (!(value.type === "call")) return `/type has to be "call"`;
  if (!isWhole(value.session)) return `/session has to be a whole number, not negative`;
  if (!isWhole(value.id)) return `/id has to be a whole number, not negative`;
  if (!(typeof value.target === "string")) return `/target has to be text`;
  if (!Array.isArray(value.args)) return `/args has to be a list`;
  if (!(value.args.length <= 65535)) return `/args has to be a list of 65535 at most`;
  if (value.timeoutMs !== undefined) {
    if (!(Number.isFinite(value.timeoutMs) && (value.timeoutMs as number) >= 0))
      return `/timeoutMs has to be a number, not negative`;
  }
  return undefined;
}

function okFrameFault(value: Fields): string | undefined {
  if (!(value.type === "ok")) return `/type has to be "ok"`;
  if (!isWhole(value.session)) return `/session has to be a whole number, not negative`;
  if (!isWhole(value.id)) return `/id has to be a whole number, not negative`;

  return undefined;
}

function errFrameFault(value: Fields): string | undefined {
  if (!(value.type === "err")) return `/type has to be "err"`;
  if (!isWhole(value.session)) return `/session has to be a whole number, not negative`;
  if (!isWhole(value.id)) return `/id has to be a whole number, not negative`;
  {
    const fault = encodedThrownFault(value.thrown);
    if (fault !== undefined) return `/thrown${fault}`;
  }
  return undefined;
}

function cancelFrameFault(value: Fields): string | undefined {
  if (!(value.type === "cancel")) return `/type has to be "cancel"`;
  if (!isWhole(value.session)) return `/session has to be a whole number, not negative`;
  if (!isWhole(value.id)) return `/id has to be a whole number, not negative`;
  {
    const fault = encodedThrownFault(value.reason);
    if (fault !== undefined) return `/reason${fault}`;
  }
  return undefined;
}

function emitFrameFault(value: Fields): string | undefined {
  if (!(value.type === "emit")) return `/type has to be "emit"`;
  if (!isWhole(value.session)) return `/session has to be a whole number, not negative`;
  if (!(typeof value.event === "string")) return `/event has to be text`;
  if (!Array.isArray(value.args)) return `/args has to be a list`;
  if (!(value.args.length <= 65535)) return `/args has to be a list of 65535 at most`;
  return undefined;
}

function logFrameFault(value: Fields): string | undefined {
  if (!(value.type === "log")) return `/type has to be "log"`;
  if (!isWhole(value.session)) return `/session has to be a whole number, not negative`;
  if (!(
    value.level === "debug" ||
    value.level === "info" ||
    value.level === "warn" ||
    value.level === "error"
  ))
    return `/level has to be "debug" or "info" or "warn" or "error"`;
  if (!(typeof value.message === "string")) return `/message has to be text`;
  if (value.fields !== undefined) {
    if (!isObject(value.fields)) return `/fields has to be an object`;
  }
  if (!Number.isFinite(value.time)) return `/time has to be a number`;
  return undefined;
}

function byeFrameFault(value: Fields): string | undefined {
  if (!(value.type === "bye")) return `/type has to be "bye"`;
  if (!isWhole(value.session)) return `/session has to be a whole number, not negative`;
  if (!(typeof value.deactivate === "boolean")) return `/deactivate has to be true or false`;
  if (!(Number.isFinite(value.timeoutMs) && (value.timeoutMs as number) >= 0))
    return `/timeoutMs has to be a number, not negative`;
  return undefined;
}

function goneFrameFault(value: Fields): string | undefined {
  if (!(value.type === "gone")) return `/type has to be "gone"`;
  if (!isWhole(value.session)) return `/session has to be a whole number, not negative`;
  if (value.thrown !== undefined) {
    {
      const fault = encodedThrownFault(value.thrown);
      if (fault !== undefined) return `/thrown${fault}`;
    }
  }
  if (!isObject(value.leftovers)) return `/leftovers has to be an object`;
  for (const key of Object.keys(value.leftovers)) {
    if (!isWhole(value.leftovers[key]))
      return `/leftovers/${shown(key)} has to be a whole number, not negative`;
  }
  return undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function shown(key: string): string {
  return JSON.stringify(key.slice(0, 64));
}
