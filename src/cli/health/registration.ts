/** Is the hook registered, by whom, once, for all events, in files that Claude Code reads, and not switched off? */
import { pathText } from "../../store/settings-check.js";
import { wordsOf } from "../../store/settings-hooks.js";
import { REGISTERED_EVENTS } from "../install/registration.js";
import { type HookSource, isVoid, settingOf } from "../registered.js";
import type { Look, Surroundings } from "./check.js";

const INIT = "claude-permit init";
const UPDATE_PLUGIN = "claude plugin update permit@claude-permit";

/** Only a plugin registers us: then `init` would register the hook a second time. */
export function isPluginOnly(sources: Surroundings["sources"]): boolean {
  const holders = sources.filter(({ ours }) => ours.length > 0);
  return holders.length > 0 && holders.every(({ origin }) => origin === "plugin");
}

/** How to bring the registration in order. */
export function repairOf(sources: Surroundings["sources"]): string {
  return isPluginOnly(sources) ? UPDATE_PLUGIN : INIT;
}

export const lookAtRegistration: Look = ({ sources }) => {
  const holders = sources.filter(({ ours }) => ours.length > 0);
  const usable = holders.filter((source) => !isVoid(source));
  if (holders.length === 0) {
    return {
      state: "note",
      found: "not registered in Claude Code",
      why: "it neither decides nor records anything",
      fix: INIT,
    };
  }
  const where = holders.map(({ origin, path }) => `${origin} (${path})`).join(", ");
  const events = new Set(usable.flatMap(({ ours }) => ours.map(({ event }) => event)));
  if (!events.has("PreToolUse")) {
    const why = usable.length === 0 ? "Claude Code ignores the whole file" : "without PreToolUse no call is decided";
    return { state: "bad", found: `registered in vain: ${where}`, why, fix: repairOf(sources) };
  }
  const missing = REGISTERED_EVENTS.filter((event) => !events.has(event));
  if (missing.length > 0) {
    const why = "outcomes, prompts or turns are missing in the log";
    return { state: "note", found: `${where}, but not for ${missing.join(", ")}`, why, fix: repairOf(sources) };
  }
  const isClosed = usable.some(({ ours }) =>
    ours.some(({ event, handler }) => event === "PreToolUse" && handler["onFailure"] === "block"),
  );
  if (isClosed) return { state: "good", found: where };
  const why = 'a hook that cannot start lets calls through without "onFailure": "block"';
  return { state: "note", found: where, why, fix: repairOf(sources) };
};

/** A file that Claude Code drops takes every other hook and every deny rule with it, so it matters whoever is in it. */
export const lookAtSettings: Look = ({ sources }) => {
  const broken = sources.find(isVoid);
  if (broken !== undefined) {
    const why = "Claude Code ignores the whole file, hooks and deny rules included, and says nothing when headless";
    return { state: "bad", found: faultOf(broken), why, fix: "mend or remove what is named" };
  }
  const faulty = sources.find(({ faults }) => faults.length > 0);
  if (faulty === undefined) return { state: "good", found: `${sources.length} read` };
  return { state: "note", found: faultOf(faulty), why: "Claude Code ignores this entry", fix: "mend or remove it" };
};

export const lookAtDouble: Look = ({ sources }) => {
  const commands = new Map<string, string>();
  for (const { origin, path, ours } of sources) {
    for (const { event, handler } of ours) {
      // Claude Code runs equal handlers of settings files once; a plugin's copy counts as another.
      const key = origin === "plugin" ? path : wordsOf(handler).join("\0");
      if (event === "PreToolUse") commands.set(key, `${origin} (${path})`);
    }
  }
  if (commands.size < 2) return null;
  const found = `registered ${commands.size} times: ${[...commands.values()].join(", ")}`;
  const why = "every call is decided and recorded more than once, by what may be different versions";
  return { state: "note", found, why, fix: "claude-permit init --uninstall, or disable the plugin" };
};

export const lookAtSwitches = ({ sources }: Pick<Surroundings, "sources">): ReturnType<Look> => {
  const off = settingOf(sources, "disableAllHooks");
  if (off?.value === true) {
    const fix = `remove it from ${off.path}`;
    const isLoss = sources.some(({ ours }) => ours.length > 0);
    const found = "disableAllHooks is true";
    return { state: isLoss ? "bad" : "note", found, why: "Claude Code runs no hook", fix };
  }
  const managedOnly = sources.find(
    ({ origin, settings }) => origin === "managed" && settings["allowManagedHooksOnly"] === true,
  );
  const isManaged = sources.some(({ origin, ours }) => origin === "managed" && ours.length > 0);
  if (managedOnly === undefined || isManaged) return null;
  const why = "only hooks in managed settings run, and ours is not among them";
  return {
    state: "bad",
    found: `allowManagedHooksOnly is true in ${managedOnly.path}`,
    why,
    fix: "ask who manages this machine",
  };
};

function faultOf({ path, refusal, faults }: HookSource): string {
  if (refusal !== null) return refusal.message;
  const fault = faults.find(({ voidsFile }) => voidsFile) ?? faults[0];
  return fault === undefined ? path : `${path}: ${pathText(fault.path)}: ${fault.message}`;
}
