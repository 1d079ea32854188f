/** The shape of one thing `status` looks at, and what all of them look at, gathered once. */
import type { LoadedPolicy } from "../../store/load-policy.js";
import type { Locations } from "../../store/locations.js";
import type { Io } from "../io.js";
import type { HookSource } from "../registered.js";
import type { LogEnd } from "./log-end.js";

export interface Check {
  readonly name: string;
  /** `bad` makes status unhealthy; `note` is worth a look. */
  readonly state: "good" | "note" | "bad";
  readonly found: string;
  readonly why?: string;
  readonly fix?: string;
}

export interface Surroundings {
  readonly io: Io;
  readonly where: Locations;
  /** As the hook sees them. */
  readonly hookWhere: Locations;
  readonly loaded: LoadedPolicy;
  /** Settings files and plugins that count here, strongest first. */
  readonly sources: readonly HookSource[];
  readonly log: LogEnd;
  /** Nothing may be written, so nothing is started either. */
  readonly readOnly: boolean;
}

/** Says what it found without its name; `null` when there is nothing to say. Reads, and changes nothing. */
export type Look = (around: Surroundings) => Omit<Check, "name"> | null;
