/** What a section of the report is: a title and a pure function from cubes to its part. The registry lists them all. */
import type { Policy, Problem } from "../../core/policy/policy.js";
import type { Possible } from "../coverage/possible.js";
import type { Cubes } from "../cubes/fold.js";
import type { Gaps } from "../gaps/clusters.js";
import type { Section } from "../report/report.schema.js";
import type { Suggestions } from "../suggest/suggestion.js";
import type { Zone } from "../zone.js";
import type { History } from "./history.js";
import type { Replay } from "./replay.js";

export interface SectionContext {
  readonly cubes: Cubes;
  readonly zone: Zone;
  /** Rows a table keeps. */
  readonly limit: number;
  /** The policy in force, when rules that never matched are to be named. */
  readonly policy?: Policy;
  /** The window of the same length before this one, or what else it is compared with. */
  readonly previous?: Cubes;
  /** A sample of the calls judged again, when a policy could be had. */
  readonly replay?: Replay;
  /** What no rule decided, when the records were looked at for it. */
  readonly gaps?: Gaps;
  /** What ordinary commands would be answered, when a policy could be had. */
  readonly possible?: readonly Possible[];
  /** Rules that the answers of the window speak for, when the records were looked at for them. */
  readonly suggestions?: Suggestions;
  /** Rules of the policy that others make needless, when they were looked for: it takes the engine. */
  readonly redundant?: readonly Problem[];
  /** What the history of promoted rules tells. */
  readonly history?: History;
}

export interface SectionDefinition {
  readonly id: string;
  /** It tells what the window before came to; that one is read only where a section does. */
  readonly comparesWindows?: boolean;
  build(context: SectionContext): Section;
}
