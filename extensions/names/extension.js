const titles = /^(?:dr|prof|mr|mrs|ms|mx|miss|sir|dame|lord|lady)\.?$/i;

// What activate returns is what dependents find: one flat object of functions and plain values.
export function activate() {
  return { address };
}

/** `Dr Ada Lovelace` becomes `Dr Lovelace`; without a title the name stays as it is. */
function address(name) {
  const words = name.trim().split(/\s+/);
  const title = words[0] ?? "";
  return titles.test(title) && words.length > 2 ? `${title} ${words.at(-1)}` : words.join(" ");
}
