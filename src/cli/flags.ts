/** Reads commander's parsed options as typed values. A flag that was not given is `undefined`, `false` or empty. */
import { CliError } from "./exit.js";

export class Flags {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  /** All that was given, and defaults. */
  get all(): Readonly<Record<string, unknown>> {
    return this.values;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === "string" ? value : undefined;
  }

  on(name: string): boolean {
    return this.values[name] === true;
  }

  /** True when `--no-NAME` was given. */
  off(name: string): boolean {
    return this.values[name] === false;
  }

  list(name: string): readonly string[] {
    const value = this.values[name];
    if (Array.isArray(value)) return value.filter((item): item is string => typeof item === "string");
    return typeof value === "string" ? [value] : [];
  }

  /** A whole number of at least `least`; anything else is a usage error. */
  count(name: string, least = 0): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!Number.isSafeInteger(number) || number < least) {
      throw new CliError("bad_usage", `--${kebab(name)} takes a whole number of at least ${least}, not \`${value}\``);
    }
    return number;
  }
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
