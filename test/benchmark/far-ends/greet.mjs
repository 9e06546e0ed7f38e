/** What every far end does: all that is compared is the way there and back. */
export const greet = (name) => `Hello, ${name}`;
