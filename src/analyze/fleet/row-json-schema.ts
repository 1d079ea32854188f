/** The row's JSON Schema, made from the one table of columns. */
import { ROW_COLUMN_NAMES, ROW_COLUMNS, ROW_KINDS, ROW_VERSION, type RowColumn } from "./row.js";

const WHOLE = { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER } as const;
const TYPES = {
  id: { type: "string", format: "uuid" },
  name: { type: "string" },
  text: { type: "string" },
  texts: { type: "array", items: { type: "string" }, uniqueItems: true },
  int: WHOLE,
  maybe: { anyOf: [WHOLE, { type: "null" }] },
} as const;

export function rowJsonSchema(): unknown {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "claude-permit row",
    description: "One row as `claude-permit ship` sends it. An absent text is empty, an absent number 0 or null.",
    type: "object",
    properties: Object.fromEntries(ROW_COLUMN_NAMES.map((name) => [name, propertyOf(name)])),
    required: ROW_COLUMN_NAMES,
    additionalProperties: false,
  };
}

function propertyOf(name: RowColumn): unknown {
  const { type, about, of } = ROW_COLUMNS[name];
  const filled = of.length === ROW_KINDS.length ? "" : ` (of: ${of.join(", ")})`;
  const description = `${about}${filled}`;
  if (name === "kind") return { enum: ROW_KINDS, description };
  if (name === "v") return { const: ROW_VERSION, description };
  return { ...TYPES[type], description };
}
