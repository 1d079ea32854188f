/** What ends a query or a change early, as one code. It is caught where these are run and never leaves that file. */
import type { Problem } from "../../core/policy/policy.js";

export type QueryErrorCode =
  | "config_not_found"
  | "config_parse_error"
  | "log_not_found"
  | "invalid_query"
  | "unsupported_query_type"
  | "internal_error"
  // Of changes only.
  | "writes_refused"
  | "validation_failed"
  | "write_failed";

export interface QueryError {
  readonly code: QueryErrorCode;
  readonly message: string;
  /** The offending key: `filter.and[1].field`. */
  readonly path?: string;
  readonly hint?: string;
  /** Everything that is wrong, when it is more than one thing. */
  readonly details: unknown;
}

export class QueryFault extends Error {
  constructor(
    readonly code: QueryErrorCode,
    message: string,
    readonly more: { readonly path?: string; readonly hint?: string; readonly details?: unknown } = {},
  ) {
    super(message);
    this.name = "QueryFault";
  }

  get value(): QueryError {
    const { path, hint, details = null } = this.more;
    return {
      code: this.code,
      message: this.message,
      ...(path === undefined ? {} : { path }),
      ...(hint === undefined || hint === "" ? {} : { hint }),
      details,
    };
  }
}

/** The policy's own problems as a fault. */
export function policyFault(problems: readonly Problem[]): QueryFault {
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const hint = first?.hint ?? "see `claude-permit validate`";
  if (first?.code === "config-missing") {
    return new QueryFault("config_not_found", first.message, { hint, details: errors });
  }
  const message = `the policy cannot be used: ${first?.message ?? "it is broken"}${placeOf(first)}`;
  return new QueryFault("config_parse_error", message, { hint, details: errors });
}

function placeOf(found: Problem | undefined): string {
  const place = [found?.file, found?.line, found?.column].filter((part) => part !== undefined);
  return place.length === 0 ? "" : ` at ${place.join(":")}`;
}
