import { greeters, type Extension, type ExtensionContext } from "@plugboard/extension-api";
import { inject, injectable } from "inversify";
import { Phrases } from "./phrases.ts";

/** Built by the extension's own container, with what its constructor asks for. */
@injectable()
export default class Welcome implements Extension {
  readonly #phrases: Phrases;

  constructor(@inject(Phrases) phrases: Phrases) {
    this.#phrases = phrases;
  }

  activate(context: ExtensionContext): void {
    context.contribute(greeters, "{{contribution}}", {
      greet: (name) => this.#phrases.welcome(name),
    });
  }
}
