import slugify from "@sindresorhus/slugify";

export function activate(context) {
  context.contribute("transformers", "slug", {
    // Words stay whole: GitHub becomes github, not git-hub.
    transform: (input) => slugify(input, { decamelize: false }),
  });
}
