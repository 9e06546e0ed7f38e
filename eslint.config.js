/**
 * Lint settings: type-checked throughout. A rule is on or off; the only distinctions are between the
 * library, the programs that print, and the tests.
 */
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import globals from "globals";
import tseslint from "typescript-eslint";

const noEnums = { selector: "TSEnumDeclaration", message: "Use a union of string literals." };
const noDefaultExports = [
  { selector: "ExportDefaultDeclaration", message: "Export by name, so that every importer says the same." },
  { selector: "ExportSpecifier[exported.name='default']", message: "Export by name." },
];
const noPrivateKeyword = {
  selector: ":matches(PropertyDefinition, MethodDefinition, TSParameterProperty)[accessibility='private']",
  message: "Use a #private member: it is private at run time too.",
};

export default defineConfig(
  {
    ignores: [
      "**/bundle/",
      "**/dist/",
      "**/node_modules/",
      "**/.plugboard/",
      "coverage/",
      "tour/",
      // Written by a generator.
      "schemas/src/config-validator.ts",
      "schemas/src/frame.ts",
      "schemas/src/frame-fault.ts",
      "schemas/src/manifest.ts",
      "schemas/src/manifest-validator.ts",
      // Broken on purpose, or written as an outsider would write it.
      "test/fixtures/",
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["**/*.{ts,mts,cts}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      // What is handed to the test runner is awaited by it.
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", name: "test", package: "node:test" }] },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      "@typescript-eslint/naming-convention": [
        "error",
        {
          selector: ["interface", "typeAlias", "class"],
          format: ["PascalCase"],
          custom: { regex: "^I[A-Z][a-z]", match: false },
        },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // `async` without `await` is how a method turns what it throws into a rejection.
      "@typescript-eslint/require-await": "off",
      // Tokens and points carry their type as a phantom parameter.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // What is known of an untyped contribution is: nothing.
      "@typescript-eslint/no-generated-empty-object-type": "off",
      // `Promise.withResolvers<void>()` has no other spelling.
      "@typescript-eslint/no-invalid-void-type": "off",
      // The getters of an object literal need a name for the object around them.
      "@typescript-eslint/no-this-alias": "off",
      // What was caught is passed on as it came.
      "@typescript-eslint/prefer-promise-reject-errors": ["error", { allowThrowingUnknown: true }],
      // It would have assertions on `any` removed, which the rules on unsafe values then ask for.
      "@typescript-eslint/no-unnecessary-type-assertion": "off",
      // Spreading a string by code points is what is meant where it is done.
      "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
      // A token is a value and an interface of one name.
      "@typescript-eslint/no-redeclare": "off",
      "no-console": "error",
      "no-restricted-syntax": ["error", noEnums],
    },
  },
  {
    files: ["{core,extension-api,schemas}/src/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", noEnums, noPrivateKeyword, ...noDefaultExports] },
  },
  {
    files: ["{core,extension-api,schemas}/src/**/*.ts"],
    ignores: ["core/src/{container,guest,testing}/**"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          paths: ["inversify", "reflect-metadata"].map((name) => ({
            name,
            allowTypeImports: true,
            message:
              "Only container and guest know the container; the rest takes what it needs as parameters.",
          })),
        },
      ],
    },
  },
  { files: ["core/src/cli/**/*.ts", "test/**/*.ts"], rules: { "no-console": "off" } },
  {
    files: ["test/**/*.ts"],
    // A test that meets `undefined` fails, which is what the assertion would say.
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      // What extensions export has no type here; looking at it is the test.
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  { files: ["**/*.{js,mjs,cjs}"], languageOptions: { globals: globals.node } },
  { files: ["**/*.cjs"], languageOptions: { sourceType: "commonjs" } },
);
