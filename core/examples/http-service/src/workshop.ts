/**
 * Works with whatever is contributed at the moment. Built once by the application's container, which hands
 * over the live collections; never asks what has been dropped in or taken out.
 */
import {
  ExtensionError,
  greeters,
  transformers,
  type CallOptions,
  type Greeter,
  type LiveCollection,
  type Transformer,
} from "@plugboard/core";
import { inject, injectable } from "inversify";
import { discounts, type Discount, type Order } from "./card-shop-api.js";
import { describeError, type ErrorDescription } from "./error-reply.js";
import { PriceList } from "./price-list.js";

/** A text and what each transformer made of it. */
export interface Transformed {
  readonly text: string;
  readonly steps: readonly { readonly id: string; readonly text: string }[];
}

/** What an order costs, in cents. A discount that fails is named and costs the customer nothing but itself. */
export interface Quote extends Order {
  readonly gross: number;
  readonly discounts: readonly (
    | { readonly id: string; readonly title: string; readonly amount: number }
    | { readonly id: string; readonly title: string; readonly error: ErrorDescription }
  )[];
  readonly total: number;
}

@injectable()
export class Workshop {
  readonly #greeters: LiveCollection<Greeter>;
  readonly #transformers: LiveCollection<Transformer>;
  readonly #discounts: LiveCollection<Discount>;
  readonly #prices: PriceList;

  constructor(
    @inject(greeters.collection) greeterCollection: LiveCollection<Greeter>,
    @inject(transformers.collection) transformerCollection: LiveCollection<Transformer>,
    @inject(discounts.collection) discountCollection: LiveCollection<Discount>,
    @inject(PriceList) prices: PriceList,
  ) {
    this.#greeters = greeterCollection;
    this.#transformers = transformerCollection;
    this.#discounts = discountCollection;
    this.#prices = prices;
  }

  /** Who greets, without running any of them. */
  listGreeters() {
    return this.#greeters
      .entries()
      .map(({ id, extensionId, generation, item }) => ({ id, lang: item.lang, extensionId, generation }));
  }

  /** Who transforms, without running any of them. */
  listTransformers() {
    return this.#transformers
      .entries()
      .map(({ id, extensionId, generation, item }) => ({ id, name: item.name, extensionId, generation }));
  }

  /** Which discounts there are, without asking any of them. */
  listDiscounts() {
    return this.#discounts
      .entries()
      .map(({ id, extensionId, generation, item }) => ({ id, title: item.title, extensionId, generation }));
  }

  /** Sends the text through the transformers, one after the other. */
  async transform(input: string, ids: readonly string[], options: CallOptions): Promise<Transformed> {
    const chain = ids.map((id) => {
      const transformer = this.#transformers.get(id);
      if (transformer === undefined)
        throw new ExtensionError("CALL_UNKNOWN_TARGET", `There is no transformer ${id}.`);
      return transformer;
    });
    const steps: { id: string; text: string }[] = [];
    let text = input;
    for (const transformer of chain) {
      text = await transformer.transform(text, options);
      steps.push({ id: transformer.id, text });
    }
    return { text, steps };
  }

  /** The price of the order after all discounts, never below zero; undefined if the shop has no such card. */
  async quote(order: Order, options: CallOptions): Promise<Quote | undefined> {
    const price = this.#prices.price(order.card);
    if (price === undefined) return undefined;
    const gross = price * order.quantity;
    const answers = await Promise.all(
      [...this.#discounts].map(async (discount) => {
        const { id, title } = discount;
        try {
          return { id, title, amount: await discount.amount(order, options) };
        } catch (error) {
          return { id, title, error: describeError(error) };
        }
      }),
    );
    const off = answers.reduce((sum, answer) => sum + ("amount" in answer ? answer.amount : 0), 0);
    return { ...order, gross, discounts: answers, total: Math.max(0, gross - off) };
  }
}
