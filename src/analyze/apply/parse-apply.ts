/** JSON text -> the operations to make, or a fault that names the key and what may stand there. */
import type * as z from "zod";
import { nameHint } from "../../core/policy/suggest-name.js";
import { isTable, type TomlTable } from "../../core/policy/toml.js";
import { parseQueryText } from "../query/parse-query.js";
import { QueryFault } from "../query/query-fault.js";
import { schemaFault } from "../query/schema-fault.js";
import {
  APPLY_SCHEMAS,
  type ApplyType,
  isOperationType,
  MAX_OPERATIONS,
  type Operation,
  type Rollback,
} from "./apply.schema.js";

export type Asked =
  | { readonly kind: "operations"; readonly operations: readonly Operation[]; readonly reason?: string }
  | { readonly kind: "rollback"; readonly rollback: Rollback };

const EXAMPLE = 'for example {"type":"toggle_rule","id":"no-force-push","enabled":false}';
const TYPES = Object.keys(APPLY_SCHEMAS);

export function parseApply(text: string): Asked {
  const value = parseQueryText(text, "change", EXAMPLE);
  const request =
    isTable(value) && value["type"] === undefined && Array.isArray(value["operations"])
      ? { ...value, type: "batch" }
      : value;
  const type = typeOf(request, "");
  if (type === "rollback") return { kind: "rollback", rollback: parseAs(APPLY_SCHEMAS.rollback, request, "") };
  if (type !== "batch") return { kind: "operations", operations: [parseOperation(request, "")] };
  const { operations, reason } = parseAs(APPLY_SCHEMAS.batch, request, "");
  return {
    kind: "operations",
    operations: operations.map((one, index) => parseOperation(one, `operations[${index}]`)),
    ...(reason === undefined ? {} : { reason }),
  };
}

function parseOperation(value: unknown, at: string): Operation {
  const type = typeOf(value, at);
  if (isOperationType(type)) return parseAs<Operation>(APPLY_SCHEMAS[type], value, at);
  throw new QueryFault("invalid_query", `a batch cannot hold a ${type}`, {
    path: joined(at, "type"),
    hint: `give its operations, up to ${MAX_OPERATIONS}, in one list`,
  });
}

function typeOf(value: unknown, at: string): ApplyType {
  if (!isTable(value))
    throw new QueryFault("invalid_query", "a change must be a JSON object", { path: at, hint: EXAMPLE });
  const { type } = value;
  const found = TYPES.find((one) => one === type);
  if (found !== undefined && Object.hasOwn(APPLY_SCHEMAS, found)) return found as ApplyType;
  const path = joined(at, "type");
  if (typeof type !== "string") {
    const said = type === undefined ? "the change has no `type`" : "`type` must be a string";
    throw new QueryFault("invalid_query", said, { path, hint: `one of ${TYPES.join(", ")}` });
  }
  const hint = nameHint(type, TYPES) || `known are ${TYPES.join(", ")}`;
  throw new QueryFault("unsupported_query_type", `there is no change \`${type.slice(0, 100)}\``, { path, hint });
}

function parseAs<T>(schema: z.ZodType<T>, value: unknown, at: string): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const fault = schemaFault(parsed.error.issues, schema);
  throw new QueryFault(fault.code, fault.message, { ...fault.more, path: joined(at, fault.more.path ?? "") });
}

function joined(at: string, path: string): string {
  return at === "" || path === "" ? at + path : `${at}.${path}`;
}

/** A parsed table as the TOML editor takes it: dates and lists are values, `undefined` is absent. */
export function asTable(value: object): TomlTable {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}
