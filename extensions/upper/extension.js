export function activate(context) {
  context.contribute("transformers", "upper", {
    transform: (input) => input.toLocaleUpperCase(context.configuration.get("language")),
  });
}
