export function activate(context) {
  context.contribute("greeters", "spanish", {
    greet: (name) => `¡Hola, ${name}! Mucho gusto.`,
  });
}
