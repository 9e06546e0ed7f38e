export function activate(context) {
  context.contribute("greeters", "english", {
    greet: (name) => `Hello, ${name}! Nice to meet you.`,
  });
}
