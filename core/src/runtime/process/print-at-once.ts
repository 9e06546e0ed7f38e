/**
 * Lets what a process prints leave it before its code goes on. Otherwise what a busy host has not taken yet waits in the
 * process, without a bound, and is dropped when that ends: the very lines that say why.
 */

/** Makes writes to the stream wait for the pipe, from the stream's first use on. @internal */
export function printAtOnce(name: "stdout" | "stderr"): void {
  const property = Object.getOwnPropertyDescriptor(process, name);
  const open = property?.get?.bind(process) as (() => BlockableStream) | undefined;
  if (property?.configurable !== true || open === undefined) return;
  let isOpen = false;
  Object.defineProperty(process, name, {
    ...property,
    get: () => {
      const stream = open();
      // Made when it is first asked for, which costs a start what most have no use for.
      if (!isOpen) stream._handle?.setBlocking?.(true);
      isOpen = true;
      return stream;
    },
  });
}

/** Node has no public name for it; where it is missing, all is as it was. */
interface BlockableStream {
  readonly _handle?: { setBlocking?(isBlocking: boolean): unknown };
}
