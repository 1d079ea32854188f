/** What someone should know before the hook is registered, though it is no reason to refuse. */

import { checkHooks, pathText } from "../../store/settings-check.js";
import type { SettingsFile } from "../../store/settings-file.js";
import type { Scope } from "../../store/settings-places.js";
import { claudeVersion, FAIL_CLOSED_SINCE, failsOpen } from "../claude-code.js";
import type { Io } from "../io.js";
import { HOOK_PROGRAM } from "../own-files.js";
import { type HookSource, settingOf } from "../registered.js";

export function installWarnings(
  io: Io,
  scope: Scope,
  file: SettingsFile,
  sources: readonly HookSource[],
): readonly string[] {
  return [
    ...aboutClaude(claudeVersion(io)),
    ...checkHooks(file.settings).map(
      ({ path, message }) => `Claude Code ignores an entry in ${file.path}: ${pathText(path)}: ${message}`,
    ),
    ...sources.filter(({ path, ours }) => path !== file.path && ours.length > 0).map(alsoIn),
    ...aboutSwitches(sources),
    ...(scope === "project"
      ? [
          `${file.path} is usually shared, and the command in it has paths of this machine; --scope local is yours alone`,
        ]
      : []),
    ...(/[\\/]_npx[\\/]/.test(HOOK_PROGRAM)
      ? [
          `the hook lies in npx's cache, which may be emptied, and then every call is blocked; install claude-permit instead`,
        ]
      : []),
  ];
}

function aboutClaude(version: string | null): readonly string[] {
  if (version === null)
    return [`no \`claude\` on the PATH; below ${FAIL_CLOSED_SINCE} a hook that fails lets calls through`];
  if (!failsOpen(version)) return [];
  return [`Claude Code ${version} lets calls through when a hook fails; update it to ${FAIL_CLOSED_SINCE} or newer`];
}

function alsoIn({ origin, path }: HookSource): string {
  return origin === "plugin"
    ? `the plugin registers the hook too (${path}): every call would be decided and recorded twice; disable one of them`
    : `the hook is also registered in ${path} (${origin}); the same command runs once, another one runs as well`;
}

function aboutSwitches(sources: readonly HookSource[]): readonly string[] {
  const off = settingOf(sources, "disableAllHooks");
  return off?.value === true ? [`disableAllHooks is true in ${off.path}: no hook runs until that is gone`] : [];
}
