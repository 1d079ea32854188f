/** JSON text or a value -> a query of one type, or a fault that names the key and what may stand there. */
import type * as z from "zod";
import { nameHint } from "../../core/policy/suggest-name.js";
import { isTable } from "../../core/policy/toml.js";
import { QUERY_SCHEMAS, type Query, type QueryType } from "./query.schema.js";
import { QueryFault } from "./query-fault.js";

const MAX_DEPTH = 100;
const TOLD = 10;

export function parseQueryText(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new QueryFault("invalid_query", "the query is not JSON", { hint: EXAMPLE, details: detail });
  }
  if (isDeeper(value, MAX_DEPTH)) throw new QueryFault("invalid_query", `the query is nested deeper than ${MAX_DEPTH}`);
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
  throw faultOf(parsed.error.issues, form.schema);
}

function isType(type: string): type is QueryType {
  return Object.hasOwn(QUERY_SCHEMAS, type);
}

interface Finding {
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

function faultOf(issues: readonly z.core.$ZodIssue[], schema: z.ZodType): QueryFault {
  const findings = issues.flatMap((issue) => findingsOf(issue, schema, []));
  const [first = { path: "", message: "the query is not valid", hint: "" }] = findings;
  const details = findings.slice(0, TOLD).map(({ path, message }) => ({ path, message }));
  return new QueryFault("invalid_query", first.message, { path: first.path, hint: first.hint, details });
}

function findingsOf(issue: z.core.$ZodIssue, schema: z.ZodType, above: readonly PropertyKey[]): Finding[] {
  const at = [...above, ...issue.path];
  const path = pathText(at);
  const where = path === "" ? "the query" : `\`${path}\``;
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = at.length === 0 ? keysOf(schema) : [];
      return issue.keys.map((key) => ({
        path: pathText([...at, key]),
        message: `${where} has no key \`${key.slice(0, 100)}\``,
        hint: nameHint(key, known),
      }));
    }
    case "invalid_union": {
      // Of several forms the one that fits best says what is wrong.
      const best = issue.errors.toSorted((a, b) => weight(a) - weight(b))[0] ?? [];
      const found = best.flatMap((inner) => findingsOf(inner, schema, at));
      return found.length > 0 ? found : [{ path, message: `${where} fits none of its forms`, hint: "" }];
    }
    case "invalid_value": {
      const values = issue.values.map(String);
      const given = typeof issue.input === "string" ? nameHint(issue.input, values) : "";
      return [
        { path, message: `${where}: ${issue.message}`, hint: given === "" ? `one of ${values.join(", ")}` : given },
      ];
    }
    default:
      return [{ path, message: `${where}: ${issue.message}`, hint: "" }];
  }
}

/** Few and deep complaints are near; unknown keys say that another form was meant. */
function weight(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce(
    (sum, { code, path }) => sum + (code === "unrecognized_keys" ? 3 : 2) - (path.length > 1 ? 1 : 0),
    0,
  );
}

function keysOf(schema: z.ZodType): readonly string[] {
  return "shape" in schema && isTable(schema.shape) ? Object.keys(schema.shape) : [];
}

/** `filter.and[1].field` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
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
