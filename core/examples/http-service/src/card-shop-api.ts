/**
 * What the card shop and its extensions share: one service that the shop offers, one point that it opens.
 * Extensions import this module as `card-shop-api`; the host hands it to them, so they install nothing.
 */
import { contributionPoint, serviceToken } from "@plugboard/core";

/** Knows what cards cost. Offered to extensions. */
export interface Catalogue {
  /** The price of one card in cents; undefined for a card that the shop does not sell. */
  price(card: string): number | undefined;
}
export const Catalogue = serviceToken<Catalogue>("card-shop.catalogue");

/** What a customer asks for. */
export interface Order {
  readonly card: string;
  readonly quantity: number;
}

/** Takes something off the price of an order. Contributed by extensions. */
export interface Discount {
  /** What the customer reads; from the manifest. */
  readonly title: string;
  /** How many cents to take off; 0 if the order does not qualify. */
  amount(order: Order): number | Promise<number>;
}
export const Discount = serviceToken<Discount>("card-shop.discount");

export const discounts = contributionPoint<Discount>()({
  id: "discounts",
  token: Discount,
  schema: {
    type: "object",
    properties: {
      title: { type: "string", minLength: 1, description: "What the customer reads." },
    },
    required: ["title"],
  },
  methods: { amount: 1 },
  activationEvent: (item) => `onDiscount:${item.id}`,
});
