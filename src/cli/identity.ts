/** Who makes a report and where, so that it can be taken out of what is shared. */
import { hostname, userInfo } from "node:os";
import type { Identity } from "../analyze/report/redact-report.js";
import type { Io } from "./io.js";

export function identityOf({ env, osHome, identity }: Io): Identity {
  if (identity !== undefined) return identity;
  return {
    homes: [osHome],
    users: [userName(), env["USER"], env["LOGNAME"]].flatMap((name) => name ?? []),
    hosts: [hostname()],
  };
}

/** A container may run under a number that has no name. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
