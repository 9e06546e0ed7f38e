/** Leads what is printed at the other end of a channel to the loggers of those who run there. */
import type { ExitReason, OutputLine, StartRequest } from "@plugboard/extension-api";

/** Printed lines of one thread or process. @internal */
export class SharedOutput {
  readonly #requests = new Set<StartRequest>();
  /** Who left last: what was printed before may come after. */
  #last: StartRequest | undefined;

  /** Leads lines to the extension as well, until it has left. */
  add(request: StartRequest, exited: Promise<ExitReason>): void {
    this.#requests.add(request);
    void exited.then(() => {
      this.#requests.delete(request);
      this.#last = request;
    });
  }

  /** A line was printed. Nobody can tell which member of a group did it: it is told once, with all their names. */
  tell({ stream, text }: OutputLine): void {
    const [first = this.#last] = this.#requests;
    if (first === undefined) return;
    const members = new Set([...this.#requests].map(({ extension }) => extension.id));
    const shared = members.size > 1 ? { group: first.group, members: [...members] } : {};
    first.logger[stream === "stdout" ? "info" : "warn"](text, { stream, ...shared });
  }
}
