/**
 * The policy in force for one project: every layer read, put together and compiled. A file of the user's that cannot
 * be used makes the policy broken; a project's file is a stranger's, so its faults are warnings and only its deny and
 * ask rules count until it is trusted.
 */
import { relative } from "node:path";
import { asWarning, problem } from "../core/errors.js";
import { brokenPolicy, compilePolicy } from "../core/policy/compile.js";
import type { Layer, Policy, PolicySource, Problem } from "../core/policy/policy.js";
import type { PolicyFile } from "../core/policy/policy-file.js";
import { type Gathered, gatherFiles, type ParseFile } from "./gather-files.js";
import { guardedPlaces } from "./guarded.js";
import { type LayerPlan, layerPlans } from "./layers.js";
import type { Locations } from "./locations.js";
import { resolvePath } from "./resolve-path.js";
import { ABSENT, type Stamp, stampOf } from "./stamp.js";
import { readTrust, type TrustEntry, type TrustedText, type TrustState, trustStateOf } from "./trust-state.js";

export interface PolicyInputs {
  readonly locations: Locations;
  /** Root of the project, "" when not known. */
  readonly project: string;
  /** Version of claude-permit. */
  readonly engine: string;
  /** Folder of the running program, guarded; `null`: not. */
  readonly programFolder: string | null;
  /** Texts that stand in for what files hold, by path: a policy that is not written yet. */
  readonly instead?: ReadonlyMap<string, string>;
  /** Reads a file's text, where the same files are read for many projects. */
  readonly parse?: ParseFile;
}

export interface LoadedPolicy {
  readonly policy: Policy;
  readonly sources: readonly PolicySource[];
  readonly problems: readonly Problem[];
  /** Everything the policy depends on, present or absent. */
  readonly stamps: readonly Stamp[];
  readonly project: ProjectPolicy;
}

export interface ProjectPolicy {
  /** Real path of the project, the name trust is kept under. */
  readonly root: string;
  readonly trust: TrustState;
  readonly texts: readonly TrustedText[];
  /** Nothing in the project's files is an error. */
  readonly sound: boolean;
}

/** Reads and compiles; `lastGood` is asked for only when the files as they stand cannot be used. */
export function loadPolicy(inputs: PolicyInputs, lastGood: () => Policy | null): LoadedPolicy {
  const { locations, project, engine, programFolder } = inputs;
  const trust = readTrust(locations.state);
  const root = resolvePath(project) ?? project;
  const plans = layerPlans(locations, project, root);
  const hasConfig = stampOf(locations.config).value !== ABSENT || inputs.instead?.has(locations.config) === true;
  const layers = plans.map((plan) => readLayer(plan, !hasConfig, inputs));
  const projectLayer = layers.find(({ layer }) => layer === "project");
  const projectPolicy = projectPolicyOf(project, root, projectLayer, trust.entries.get(root));

  const files = layers.flatMap(({ layer, gathered }) =>
    gathered.files.map(({ policyFile }) =>
      layer === "project" && projectPolicy.trust === "trusted" ? asTrusted(policyFile) : policyFile,
    ),
  );
  const sources = layers.flatMap(sourcesOf(projectPolicy.trust === "trusted"));
  const guarded = guardedPlaces({
    locations,
    project,
    programFolder,
    policyFiles: sources.filter(({ present }) => present).map(({ file }) => file),
  });
  const compiled = compilePolicy(files, { engine, guarded });
  const problems = [
    ...layers.flatMap(({ gathered }) => gathered.problems),
    ...(projectPolicy.trust === "changed" && projectLayer
      ? [problem("trust-changed", {}, { file: projectLayer.file })]
      : []),
    ...compiled.problems.map((found) => (isStrangers(found, sources) ? asWarning(found) : found)),
  ];
  const isBroken = problems.some(({ severity }) => severity === "error");
  const policy = isBroken ? brokenPolicy(lastGood(), problems, { engine, guarded }) : compiled;
  return {
    policy: { ...policy, sources, problems },
    sources,
    problems,
    stamps: [trust.stamp, ...layers.flatMap(({ stamps }) => stamps)],
    project: projectPolicy,
  };
}

/** Only a problem of the user's own files breaks the policy. */
function isStrangers({ file }: Problem, sources: readonly PolicySource[]): boolean {
  return sources.some((source) => source.layer === "project" && source.file === file);
}

interface ReadLayer {
  readonly layer: Layer;
  /** The file that stands for the layer. */
  readonly file: string;
  readonly gathered: Gathered;
  readonly stamps: readonly Stamp[];
}

const NOTHING: Gathered = { files: [], problems: [], stamps: [], present: false, sound: true };

function readLayer(plan: LayerPlan, mayBeOlder: boolean, { instead, parse }: PolicyInputs): ReadLayer {
  const stamps: Stamp[] = [];
  let file = "";
  for (const place of plan.places.filter(({ older }) => mayBeOlder || !older)) {
    const gathered = gatherFiles({
      file: place.file,
      layer: plan.layer,
      baseFolder: plan.baseFolder,
      trusted: plan.layer !== "project",
      within: place.within,
      ...(instead === undefined ? {} : { instead }),
      ...(parse === undefined ? {} : { parse }),
    });
    stamps.push(...gathered.stamps);
    file ||= place.file;
    if (gathered.present) return { layer: plan.layer, file: place.file, gathered, stamps };
  }
  // A file that somebody named and that is not there is a mistake; any other layer may be absent.
  const problems = plan.layer === "config" ? [problem("config-missing", { file })] : [];
  return { layer: plan.layer, file, gathered: { ...NOTHING, problems }, stamps };
}

function projectPolicyOf(
  project: string,
  root: string,
  read: ReadLayer | undefined,
  entry: TrustEntry | undefined,
): ProjectPolicy {
  const texts = (read?.gathered.files ?? []).map(({ path, text }) => ({ path: relative(project, path), text }));
  return { root, trust: trustStateOf(entry, texts), texts, sound: read?.gathered.sound ?? true };
}

/** Only trust tells a trusted project's rules from a stranger's; the text is the same. */
function asTrusted(policyFile: PolicyFile): PolicyFile {
  return { ...policyFile, trusted: true, rules: policyFile.rules.map((rule) => ({ ...rule, trusted: true })) };
}

function sourcesOf(isProjectTrusted: boolean): (read: ReadLayer) => readonly PolicySource[] {
  return ({ layer, file, gathered }) => {
    const trusted = layer !== "project" || isProjectTrusted;
    const main: PolicySource = { file, layer, present: gathered.present, trusted };
    const included = gathered.files.slice(1).map(({ path, policyFile: { includedFrom } }) => ({
      file: path,
      layer,
      present: true,
      trusted,
      ...(includedFrom === undefined ? {} : { includedFrom }),
    }));
    return [main, ...included];
  };
}
