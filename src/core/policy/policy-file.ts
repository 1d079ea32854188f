/** One policy file as read: rules with their positions, before files are put together and given ids. */
import type { WrapperDeclaration } from "../shell/shell.js";
import type { Layer, Rule, Settings, SourcePosition } from "./policy.js";

/** A rule that has not yet been given its place and id. Disabled rules are kept, so that they are checked and listed. */
export type FileRule = Omit<Rule, "index" | "id"> & { readonly enabled: boolean };

export interface Include {
  /** Path or glob as written, relative to the including file. */
  readonly path: string;
  readonly source: SourcePosition;
}

/** Only what was written; defaults come when files are put together. */
export type WrittenSettings = {
  readonly [Group in keyof Settings]?: Settings[Group] extends object ? Partial<Settings[Group]> : Settings[Group];
};

export interface PolicyFile {
  /** Path as shown to people. */
  readonly file: string;
  readonly layer: Layer;
  readonly trusted: boolean;
  /** False when the file has an error; what was understood is still here, so that deny and ask rules can count. */
  readonly sound: boolean;
  readonly includedFrom?: string;
  readonly includes: readonly Include[];
  readonly rules: readonly FileRule[];
  readonly wrappers: readonly WrapperDeclaration[];
  readonly settings: WrittenSettings;
}

export interface FileOrigin {
  readonly file: string;
  readonly layer: Layer;
  /**
   * Absolute folder that patterns like `Read(/p)` start at: `~/.claude` for the user's files; "" stands for the
   * root of the project the call is made in.
   */
  readonly baseFolder: string;
  readonly trusted: boolean;
  readonly includedFrom?: string;
}

/** Files that `file` asks for, in order. Reading them, and refusing cycles, is the loader's work. */
export function includesOf(policyFile: PolicyFile): readonly Include[] {
  return policyFile.includes;
}
