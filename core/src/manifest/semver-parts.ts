/** What is needed of semver, for a bundle of its own. Imported only for its types. */
export { default as satisfies } from "semver/functions/satisfies.js";
export { default as valid } from "semver/functions/valid.js";
export { default as validRange } from "semver/ranges/valid.js";
