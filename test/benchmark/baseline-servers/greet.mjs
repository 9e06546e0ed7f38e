/** What every baseline server does: all that is compared is the way there and back. */
export const greet = (name) => `Hello, ${name}`;
