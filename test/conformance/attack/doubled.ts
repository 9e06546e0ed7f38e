/** A list that holds a list twice, and so on: sixty lists, more than a quintillion for whoever writes it out. */
export function doubled(): unknown {
  let value: unknown = "leaf";
  for (let depth = 0; depth < 60; depth++) value = [value, value];
  return value;
}
