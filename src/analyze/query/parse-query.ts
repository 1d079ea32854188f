/** JSON text or a value -> a query of one type, or a fault that names the key and what may stand there. */
import type * as z from "zod";
import { nameHint } from "../../core/policy/suggest-name.js";
import { isTable } from "../../core/policy/toml.js";
import { QUERY_SCHEMAS, type Query, type QueryType } from "./query.schema.js";
import { QueryFault } from "./query-fault.js";
import { schemaFault } from "./schema-fault.js";

const MAX_DEPTH = 100;

/** `what`: how messages name the text. */
export function parseQueryText(text: string, what = "query", example = EXAMPLE): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new QueryFault("invalid_query", `the ${what} is not JSON`, { hint: example, details: detail });
  }
  if (isDeeper(value, MAX_DEPTH))
    throw new QueryFault("invalid_query", `the ${what} is nested deeper than ${MAX_DEPTH}`);
  return value;
}

const EXAMPLE = 'for example {"type":"match_test","tool":"Bash","input":{"command":"git status"}}';
const TYPES = Object.keys(QUERY_SCHEMAS);

export function parseQuery(value: unknown): Query {
  if (!isTable(value)) throw new QueryFault("invalid_query", "a query must be a JSON object", { hint: EXAMPLE });
  const { type } = value;
  if (typeof type !== "string") {
    const said = type === undefined ? "the query has no `type`" : "`type` must be a string";
    throw new QueryFault("invalid_query", said, { path: "type", hint: `one of ${TYPES.join(", ")}` });
  }
  if (!isType(type)) {
    const known = `known are ${TYPES.join(", ")}`;
    const near = nameHint(type, TYPES);
    throw new QueryFault("unsupported_query_type", `there is no query type \`${type.slice(0, 100)}\``, {
      path: "type",
      hint: near === "" ? known : near,
      details: { types: TYPES },
    });
  }
  const forms: readonly { readonly key?: string; readonly schema: z.ZodType<Query> }[] = QUERY_SCHEMAS[type];
  const form = forms.find(({ key }) => key === undefined || Object.hasOwn(value, key));
  if (form === undefined) throw new QueryFault("internal_error", `query type \`${type}\` has no schema`);
  const parsed = form.schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const keys = forms.flatMap(({ key }) => (key === undefined || key === form.key ? [] : [`\`${key}\``]));
  throw schemaFault(parsed.error.issues, form.schema, keys.length === 0 ? "" : `or ask by ${keys.join(" or ")}`);
}

function isType(type: string): type is QueryType {
  return Object.hasOwn(QUERY_SCHEMAS, type);
}

/** Level by level, so that no depth can exhaust the stack. */
function isDeeper(root: unknown, limit: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
  return false;
}
