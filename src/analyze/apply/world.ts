/** Everything a change takes from the machine, as one value. */
import type { LoadedPolicy } from "../../store/load-policy.js";
import type { Locations } from "../../store/locations.js";
import type { OpenedScan } from "../scan/open-scan.js";

export interface ApplyWorld {
  /** Absolute: the project of this folder is judged with. */
  readonly cwd: string;
  readonly locations: Locations;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number;
  /** A new record's id. */
  readonly newId: (nowMs: number) => string;
  /** The policy for a project's folder as it stands, or as it would be with these texts in the place of what files hold. */
  readonly load: (folder: string, instead?: ReadonlyMap<string, string>) => LoadedPolicy;
  /** Notes a changed policy as the one in force, so that it is kept under its hash. */
  readonly noteInForce: (loaded: LoadedPolicy) => void;
  readonly openLog: () => Promise<OpenedScan>;
  /** The change of a file for a person to read; `null` is no file. */
  readonly diff: (file: string, before: string | null, after: string | null) => string;
  /** Version of claude-permit. */
  readonly engine: string;
  /** Why nothing may be written; `null`: it may. */
  readonly refusal: { readonly message: string; readonly hint: string } | null;
}
