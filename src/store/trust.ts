/**
 * Granting and taking back trust in a project's policy file. For commands only, under a lock; what trust means for the
 * rules is decided where they are loaded.
 */
import type { Policy } from "../core/policy/policy.js";
import { type LoadedPolicy, loadPolicy, type PolicyInputs } from "./load-policy.js";
import { withLock } from "./lock.js";
import { readTrust, type TrustEntry, type TrustState, trustHash, trustPath } from "./trust-state.js";
import { type WriteFault, writeAtomic } from "./write-atomic.js";

export interface ProjectTrust {
  readonly state: TrustState;
  /** Real path of the project. */
  readonly root: string;
  /** The files trust covers, below the project, in the order they are read. */
  readonly files: readonly string[];
}

export type TrustChange =
  | { readonly kind: "trusted" | "revoked"; readonly trust: ProjectTrust }
  /** Nothing to trust, or a file that cannot be read as it must be. */
  | { readonly kind: "refused"; readonly trust: ProjectTrust; readonly loaded: LoadedPolicy }
  | { readonly kind: "failed"; readonly fault: WriteFault };

/** How the project's file stands now. */
export function trustState(inputs: PolicyInputs): ProjectTrust {
  return projectTrust(loadPolicy(inputs, noLastGood));
}

/**
 * Trusts the project's file and what it includes, as they are now; a file with errors is not trusted. `shown`: the
 * texts the user was shown, so that a change since then is not trusted unseen. `now` in milliseconds.
 */
export async function trust(
  inputs: PolicyInputs,
  now: number,
  shown?: readonly { text: string }[],
): Promise<TrustChange> {
  const loaded = loadPolicy(inputs, noLastGood);
  const { texts, root, sound } = loaded.project;
  const isSame = shown === undefined || JSON.stringify(shown.map(textOf)) === JSON.stringify(texts.map(textOf));
  if (texts.length === 0 || !isSame || !sound) {
    return { kind: "refused", trust: projectTrust(loaded), loaded };
  }
  const entry: TrustEntry = { hash: trustHash(texts), trustedAt: new Date(now).toISOString() };
  const fault = await change(inputs, (entries) => entries.set(root, entry));
  if (fault !== null) return { kind: "failed", fault };
  return { kind: "trusted", trust: { ...projectTrust(loaded), state: "trusted" } };
}

export async function revokeTrust(inputs: PolicyInputs): Promise<TrustChange> {
  const { root } = loadPolicy(inputs, noLastGood).project;
  const fault = await change(inputs, (entries) => entries.delete(root));
  return fault === null ? { kind: "revoked", trust: trustState(inputs) } : { kind: "failed", fault };
}

function change(
  { locations: { state } }: PolicyInputs,
  edit: (entries: Map<string, TrustEntry>) => unknown,
): Promise<WriteFault | null> {
  const path = trustPath(state);
  return withLock(path, () => {
    const entries = new Map(readTrust(state).entries);
    edit(entries);
    return writeAtomic(path, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`, true);
  });
}

function projectTrust({ project: { root, trust: state, texts } }: LoadedPolicy): ProjectTrust {
  return { state, root, files: texts.map(({ path }) => path) };
}

function textOf({ text }: { readonly text: string }): string {
  return text;
}

function noLastGood(): Policy | null {
  return null;
}
