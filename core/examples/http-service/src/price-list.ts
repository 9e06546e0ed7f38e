/** The shop's prices. A real shop would ask its database. */
import { injectable } from "inversify";
import type { Catalogue } from "./card-shop-api.js";

@injectable()
export class PriceList implements Catalogue {
  readonly #cents: ReadonlyMap<string, number> = new Map([
    ["birthday", 350],
    ["wedding", 490],
    ["thank-you", 280],
  ]);

  price(card: string): number | undefined {
    return this.#cents.get(card);
  }
}
