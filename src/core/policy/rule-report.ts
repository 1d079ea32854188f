/** Collects what is wrong in one file: problems with the place of the key they are about and the rule's name. */
import { type ErrorCode, problem } from "../errors.js";
import type { Problem, SourcePosition } from "./policy.js";
import type { Positions, TomlPath } from "./toml-positions.js";

export class Report {
  readonly problems: Problem[] = [];

  constructor(
    private readonly file: string,
    private readonly positions: Positions,
    private readonly rule?: string,
  ) {}

  /** The same report, speaking about one rule. */
  about(rule: string | undefined): Report {
    const named = new Report(this.file, this.positions, rule);
    return Object.assign(named, { problems: this.problems });
  }

  at(path: TomlPath): SourcePosition {
    return { file: this.file, ...this.positions(path) };
  }

  add(path: TomlPath, code: ErrorCode, values: Readonly<Record<string, string>> = {}): void {
    const rule = this.rule === undefined ? {} : { rule: this.rule };
    this.problems.push(problem(code, values, { ...this.at(path), ...rule }));
  }
}
