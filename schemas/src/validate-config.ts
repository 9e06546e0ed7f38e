/** The validator of an operator's config file with a type; the check itself is generated from config.schema.json. */
import { validate } from "./config-validator.js";
import { schemaFindings, type SchemaFinding, type ValidatorError } from "./schema-finding.js";

/** The generated function keeps the errors of its last run as a property. */
const check = validate as ((value: unknown) => boolean) & { errors?: ValidatorError[] | null };

/**
 * Lists every way in which a value is not what a config file may hold.
 *
 * @public
 */
export function validateConfig(value: unknown): readonly SchemaFinding[] {
  if (check(value)) return [];
  const errors = check.errors ?? [];
  check.errors = null;
  return schemaFindings(errors);
}
