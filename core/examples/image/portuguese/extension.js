export function activate(context) {
  context.contribute("greeters", "portuguese", { greet: (name) => `Olá, ${name}! Muito prazer.` });
}
