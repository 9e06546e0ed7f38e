import { injectable } from "inversify";

/** What there is to say. */
@injectable()
export class Phrases {
  welcome(name: string): string {
    return `Welcome, ${name}!`;
  }
}
