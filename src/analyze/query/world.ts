/** Everything a query takes from the machine, as one value. */
import type { Policy } from "../../core/policy/policy.js";
import type { Cubes } from "../cubes/fold.js";
import type { FoldLogOptions } from "../cubes/fold-log.js";
import type { Judgements } from "../judgements.js";
import type { OpenedScan, Scan } from "../scan/open-scan.js";
import type { Zone } from "../zone.js";

export interface QueryWorld {
  /** Absolute; where calls without a `cwd` are made. */
  readonly cwd: string;
  /** The user's home directory. */
  readonly home: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number;
  /** Nobody may be waited for: the environment says so. */
  readonly unattended: boolean;
  /** For days, named times and printed times, given what the policy sets. */
  readonly zone: (configured: string) => Zone;
  /** The policy in force for calls made in a folder. */
  readonly policyFor: (folder: string) => Policy;
  /** As it was first used; `null` when it was not kept. */
  readonly policyByHash: (hash: string) => Policy | null;
  /** The log, opened at most once. */
  readonly openLog: () => Promise<OpenedScan>;
  /** The cubes of a log; what was counted before need not be read again. */
  readonly count: (scan: Scan, options: Omit<FoldLogOptions, "rollups">) => Cubes;
  /** What judging past calls under a policy came to before. */
  readonly judgements: (policy: Policy) => Judgements;
  /** `null` when it cannot be read. */
  readonly readText: (file: string) => string | null;
}

/** A single value or a list of them. */
export type Answer =
  | { readonly result: unknown }
  | { readonly results: readonly unknown[]; readonly [note: string]: unknown };
