/**
 * Turns frame.schema.json into the check of a frame: one function a kind of frame, found by its type, which
 * ends at the first mistake. A general validator makes 170 KB of the same schema and knows nothing of clones.
 */
import { referenced, type FrameSchema } from "./frame-schema.ts";
import type { SchemaNode } from "./generated-source.ts";

/** The source of a module that exports `frameFault`. */
export function frameChecks(schema: FrameSchema, head: string): string {
  const definitions = boundedDefinitions(schema);
  const frames = schema.oneOf.map(({ $ref }) => referenced($ref));
  const cases = frames.map((name) => {
    const { type } = (definitions[name] as { properties: Record<string, SchemaNode> }).properties;
    return `case ${JSON.stringify(type?.const)}: return ${functionName(name)}(frame);`;
  });
  return `/** ${head} */

type Fields = Readonly<Record<string, unknown>>;

/**
 * Tells by its place the first thing that keeps a value from being a frame; undefined for a sound one. Says
 * nothing of fields that it does not know, nor of what is nested in something thrown.
 *
 * @public
 */
export function frameFault(frame: unknown): string | undefined {
  if (!isObject(frame)) return "is no object";
  switch (frame.type) {
    ${cases.join("\n")}
    default: return "/type is no kind of frame";
  }
}

${Object.entries(definitions)
  .filter(([, node]) => leafCondition(node, "") === undefined)
  .map(([name, node]) => definitionFunction(name, node, definitions))
  .join("\n\n")}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function shown(key: string): string {
  return JSON.stringify(key.slice(0, 64));
}
`;
}

/**
 * What is thrown may be nested in itself, and as a clone be one object many times: looking at all of it may
 * take for ever. So what lies below an error is left to whoever decodes it, within bounds.
 */
function boundedDefinitions({ $defs }: FrameSchema): Readonly<Record<string, SchemaNode>> {
  const copy = structuredClone($defs) as Record<string, SchemaNode>;
  const { properties } = copy.EncodedError as { properties: Record<string, SchemaNode> };
  properties.cause = { type: "object", additionalProperties: true };
  properties.errors = { type: "array" };
  // A value that was thrown may be undefined, which is as good as absent.
  copy.EncodedThrown = { type: "object", properties: { error: { $ref: "#/$defs/EncodedError" } } };
  return copy;
}

type Definitions = Readonly<Record<string, SchemaNode>>;

function definitionFunction(name: string, node: SchemaNode, definitions: Definitions): string {
  const isFrame = name.endsWith("Frame");
  const body = isFrame ? fieldChecks(node, "value", "", definitions) : checks(node, "value", "", definitions);
  return `function ${functionName(name)}(value: ${isFrame ? "Fields" : "unknown"}): string | undefined {
    ${body}
    return undefined;
  }`;
}

function functionName(definition: string): string {
  return `${definition.charAt(0).toLowerCase()}${definition.slice(1)}Fault`;
}

/** Statements that return a fault of the value; the place is the content of a template literal. */
function checks(node: SchemaNode, value: string, place: string, definitions: Definitions): string {
  const resolved = node.$ref === undefined ? node : (definitions[referenced(node.$ref)] ?? {});
  const condition = leafCondition(resolved, value);
  if (condition !== undefined) return failsUnless(condition, place, wording(resolved));
  if (node.$ref !== undefined) {
    return `{
      const fault = ${functionName(referenced(node.$ref))}(${value});
      if (fault !== undefined) return \`${place}\${fault}\`;
    }`;
  }
  if (node.type === "array") return arrayChecks(node, value, place, definitions);
  if (node.type === "object") {
    const inner =
      node.properties === undefined
        ? recordChecks(node, value, place, definitions)
        : fieldChecks(node, value, place, definitions);
    return `${failsUnless(`isObject(${value})`, place, "an object")}\n${inner}`;
  }
  if (Object.keys(node).every((key) => key === "description")) return "";
  throw new TypeError(`Nobody knows how to check ${JSON.stringify(node)}.`);
}

function fieldChecks(node: SchemaNode, value: string, place: string, definitions: Definitions): string {
  const required = new Set((node.required ?? []) as string[]);
  return Object.entries(node.properties as Record<string, SchemaNode>)
    .map(([name, field]) => {
      const inner = checks(field, `${value}.${name}`, `${place}/${name}`, definitions);
      return inner === "" || required.has(name) ? inner : `if (${value}.${name} !== undefined) { ${inner} }`;
    })
    .join("\n");
}

function recordChecks(node: SchemaNode, value: string, place: string, definitions: Definitions): string {
  if (node.additionalProperties === true) return "";
  // A key may hold anything, and as much of it as its sender likes.
  const inner = checks(
    node.additionalProperties as SchemaNode,
    `${value}[key]`,
    `${place}/\${shown(key)}`,
    definitions,
  );
  return `for (const key of Object.keys(${value})) { ${inner} }`;
}

function arrayChecks(node: SchemaNode, value: string, place: string, definitions: Definitions): string {
  const lines = [failsUnless(`Array.isArray(${value})`, place, "a list")];
  if (typeof node.maxItems === "number") {
    const most = String(node.maxItems);
    lines.push(failsUnless(`${value}.length <= ${most}`, place, `a list of ${most} at most`));
  }
  if (node.items !== undefined) {
    const depth = place.split("${index").length - 1;
    const index = `index${depth === 0 ? "" : String(depth)}`;
    const item = `item${depth === 0 ? "" : String(depth)}`;
    const inner = checks(node.items as SchemaNode, item, `${place}/\${${index}}`, definitions);
    lines.push(
      `for (let ${index} = 0; ${index} < ${value}.length; ${index}++) {
        const ${item}: unknown = ${value}[${index}];
        ${inner}
      }`,
    );
  }
  return lines.join("\n");
}

function failsUnless(condition: string, place: string, wanted: string): string {
  const negated = /^[\w.]+\([^()]*\)$/.test(condition) ? `!${condition}` : `!(${condition})`;
  return `if (${negated}) return \`${place} has to be ${wanted}\`;`;
}

/** The condition of a value without parts; undefined for any other. */
function leafCondition(node: SchemaNode, value: string): string | undefined {
  if (node.const !== undefined) return `${value} === ${JSON.stringify(node.const)}`;
  if (Array.isArray(node.enum))
    return node.enum.map((one) => `${value} === ${JSON.stringify(one)}`).join(" || ");
  const choices = leafChoices(node);
  if (choices !== undefined) {
    const conditions = choices.map((choice) => leafCondition(choice, value));
    return conditions.every((one) => one !== undefined) ? conditions.join(" || ") : undefined;
  }
  if (node.type === "string" || node.type === "boolean") return `typeof ${value} === "${node.type}"`;
  if (node.type === "integer" && node.minimum === 0) return `isWhole(${value})`;
  if (node.type === "number") {
    const isNumber = `Number.isFinite(${value})`;
    return node.minimum === 0 ? `${isNumber} && (${value} as number) >= 0` : isNumber;
  }
  return undefined;
}

function leafChoices(node: SchemaNode): readonly SchemaNode[] | undefined {
  if (Array.isArray(node.type)) return node.type.map((type: unknown) => ({ type }));
  return (node.anyOf ?? node.oneOf) as readonly SchemaNode[] | undefined;
}

/** What a leaf has to be, in words. */
function wording(node: SchemaNode): string {
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (Array.isArray(node.enum)) return node.enum.map((one) => JSON.stringify(one)).join(" or ");
  const choices = leafChoices(node);
  if (choices !== undefined) return choices.map(wording).join(" or ");
  if (node.type === "string") return "text";
  if (node.type === "boolean") return "true or false";
  if (node.type === "integer") return "a whole number, not negative";
  return node.minimum === 0 ? "a number, not negative" : "a number";
}
