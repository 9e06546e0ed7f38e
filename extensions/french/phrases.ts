/** What one says in French. Injected: the extension's container builds any class marked injectable. */
import { injectable } from "inversify";

// French sets a space before an exclamation mark; this one is narrow and never breaks the line.
const narrowSpace = "\u202f";

@injectable()
export class Phrases {
  polite(name: string): string {
    return `Bonjour, ${name}${narrowSpace}! Enchanté.`;
  }

  familiar(name: string): string {
    return `Salut, ${name}${narrowSpace}! Ça va${narrowSpace}?`;
  }
}
