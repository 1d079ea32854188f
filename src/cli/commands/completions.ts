/** `completions`: a completion script made from the table of commands, so it can never lag behind it. */

import type { CommandSpec, Invocation, OptionSpec } from "../command.js";
import { COMMANDS, dataOptionsOf, GLOBAL_OPTIONS } from "../commands.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";

const SHELLS: Readonly<Record<string, () => string>> = { bash, zsh, fish };

export async function run({ io, args }: Invocation): Promise<ExitCode> {
  const [shell = ""] = args;
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (script === undefined) {
    throw new CliError("bad_usage", `no completions for \`${shell}\``, `one of ${Object.keys(SHELLS).join(", ")}`);
  }
  io.stdout.write(script());
  return EXIT.fine;
}

interface Line {
  /** Words before the cursor: "" or `rules`. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly help: string }[];
}

function completionLines(): readonly Line[] {
  const top = { path: "", words: [...COMMANDS.map(wordOf), ...GLOBAL_OPTIONS.flatMap(optionWords)] };
  return [top, ...COMMANDS.flatMap((spec) => linesOf(spec, ""))];
}

function linesOf(spec: CommandSpec, before: string): Line[] {
  const path = `${before}${spec.name}`;
  const options = [...(spec.options ?? []), ...dataOptionsOf(spec), ...GLOBAL_OPTIONS];
  const children = spec.children ?? [];
  const words = [...children.map(wordOf), ...options.flatMap(optionWords)];
  return [{ path, words }, ...children.flatMap((child) => linesOf(child, `${path} `))];
}

function wordOf(spec: CommandSpec): Line["words"][number] {
  return { word: spec.name, help: spec.summary };
}

function optionWords(option: OptionSpec): Line["words"] {
  const word = /--[a-z-]+/.exec(option.flags)?.[0];
  return word === undefined ? [] : [{ word, help: option.description }];
}

function bash(): string {
  const cases = completionLines().map(
    ({ path, words }) => `    "${path}") words="${words.map(({ word }) => word).join(" ")}" ;;`,
  );
  return `_claude_permit() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  while :; do
    case $path in
${cases.join("\n")}
    *) if [ -n "$path" ] && [ "$path" != "\${path% *}" ]; then path=\${path% *}; continue; fi ;;
    esac
    break
  done
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$cur"))
}
complete -F _claude_permit claude-permit
`;
}

function zsh(): string {
  return `#compdef claude-permit\nautoload -U +X bashcompinit && bashcompinit\n${bash()}`;
}

function fish(): string {
  const lines = completionLines().flatMap(({ path, words }) => {
    const seen =
      path === ""
        ? "__fish_use_subcommand"
        : path
            .split(" ")
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join("; and ");
    return words.map(({ word, help }) => {
      const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c claude-permit -n '${seen}' ${what} -d '${help.replace(/'/g, "")}'`;
    });
  });
  return `${lines.join("\n")}\n`;
}
