/** The class form of an extension: its container builds it, and what its constructor asks for. */
import { greeters, type Extension, type ExtensionContext } from "@plugboard/extension-api";
import { inject, injectable } from "inversify";
import { Phrases } from "./phrases.js";

@injectable()
export default class French implements Extension {
  readonly #phrases: Phrases;

  constructor(@inject(Phrases) phrases: Phrases) {
    this.#phrases = phrases;
  }

  activate(context: ExtensionContext): void {
    context.contribute(greeters, "french", {
      // Read at each call, so that a changed setting takes effect at once.
      greet: (name) =>
        context.configuration.get<boolean>("familiar") === true
          ? this.#phrases.familiar(name)
          : this.#phrases.polite(name),
    });
  }
}
