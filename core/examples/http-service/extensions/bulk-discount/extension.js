import { Catalogue, discounts } from "card-shop-api";

export function activate(context) {
  const catalogue = context.services.get(Catalogue);
  context.contribute(discounts, "bulk", {
    async amount({ card, quantity }) {
      if (quantity < 10) return 0;
      const price = await catalogue.price(card);
      return Math.round((price ?? 0) * quantity * 0.1);
    },
  });
}
