/** What zod found wrong with a request -> one fault that names the key and what may stand there. */
import type * as z from "zod";
import { nameHint } from "../../core/policy/suggest-name.js";
import { isTable } from "../../core/policy/toml.js";
import { QueryFault } from "./query-fault.js";

const TOLD = 10;

interface Finding {
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** @param otherwise a hint for what is missing */
export function schemaFault(issues: readonly z.core.$ZodIssue[], schema: z.ZodType, otherwise = ""): QueryFault {
  const findings = issues.flatMap((issue) => findingsOf(issue, schema, [], otherwise));
  const [first = { path: "", message: "the query is not valid", hint: "" }] = findings;
  const details = findings.slice(0, TOLD).map(({ path, message }) => ({ path, message }));
  return new QueryFault("invalid_query", first.message, { path: first.path, hint: first.hint, details });
}

function findingsOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  above: readonly PropertyKey[],
  otherwise: string,
): Finding[] {
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
      const found = best.flatMap((inner) => findingsOf(inner, schema, at, ""));
      return found.length > 0 ? found : [{ path, message: `${where} fits none of its forms`, hint: "" }];
    }
    case "invalid_value": {
      const values = issue.values.map(String);
      const choices = `one of ${values.join(", ")}`;
      if (issue.input === undefined) return [{ path, message: `${where} is missing`, hint: choices }];
      const typed = typeof issue.input === "string" ? issue.input : null;
      const given = typed === null ? "" : nameHint(typed, values);
      const is = typed === null ? "" : `is \`${typed.slice(0, 100)}\`, which `;
      return [{ path, message: `${where} ${is}is none of its values`, hint: given === "" ? choices : given }];
    }
    case "invalid_type": {
      const type = issue.expected === "record" ? "object" : issue.expected;
      if (issue.input === undefined) return [{ path, message: `${where} is missing`, hint: otherwise }];
      return [{ path, message: `${where} must be of type ${type}`, hint: "" }];
    }
    default:
      return [
        { path, message: `${where}: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`, hint: "" },
      ];
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
