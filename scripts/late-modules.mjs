// Which parts of the hook are loaded only when a call needs them. The source imports them like anything else; here, in
// the bundles that are loaded at every call, their functions become stubs that load the bundle which really holds them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Bundle -> module -> functions that move there; `*` all of a module's functions. What is not a function stays where it
 * is imported, in every bundle.
 */
export const LATE = {
  "hook-rules.cjs": {
    "core/policy/match-rule.ts": "*",
    "core/policy/judge-rules.ts": "*",
    "core/policy/guard-finding.ts": "*",
    "core/policy/rule-index.ts": "*",
    "core/policy/word-shape.ts": "*",
  },
  "hook-shell.cjs": {
    "core/policy/match-words.ts": "*",
    "core/policy/match-shell.ts": "*",
    "core/policy/match-shape.ts": "*",
    "core/policy/own-command.ts": "*",
    "core/policy/guard-part.ts": ["guardPart"],
    "core/policy/guarded-text.ts": ["mayBeGuarded"],
    "core/policy/shell-facts.ts": "*",
    "core/policy/hay-words.ts": "*",
    "store/resolve-glob.ts": "*",
  },
  "hook-powershell.cjs": {
    "core/shell/powershell.ts": "*",
  },
  "hook-redact.cjs": {
    "core/audit/protect.ts": ["protectRecord"],
  },
  "hook-events.cjs": {
    "hook/answer-other.ts": "*",
    "hook/later-effects.ts": "*",
    "store/promotion/awaits-outcome.ts": "*",
  },
  "hook-more.cjs": {
    "hook/answer-unreadable.ts": "*",
    "hook/event-record.ts": ["policyChangedRecord"],
    "hook/failed.ts": ["failed"],
    "hook/unreadable-event.ts": "*",
    "store/notices.ts": ["addNotice", "joinNotices", "takeNotices"],
    "core/policy/explain.ts": "*",
    "hook/log-tail.ts": "*",
    "hook/stop-summary.ts": "*",
    "hook/top-level-strings.ts": "*",
  },
};

/** The exported functions of a module's source; a constant in small letters is one too. */
function functionsOf(source) {
  return [...source.matchAll(/^export (?:async )?(?:function|const) ([a-z]\w*)/gm)].map(([, name]) => name);
}

function movedFrom(file, wanted) {
  const all = functionsOf(readFileSync(file, "utf8"));
  const missing = wanted === "*" ? [] : wanted.filter((name) => !all.includes(name));
  if (missing.length > 0) throw new Error(`${file} exports no function ${missing.join(", ")}`);
  return wanted === "*" ? all : wanted;
}

/** Text of a module that exports everything which moved to `bundle`, beside what its own entry exports. */
export function entryOf(bundle, entry, src) {
  const moved = Object.entries(LATE[bundle] ?? {}).map(([module, wanted]) => {
    const file = join(src, module);
    return `export { ${movedFrom(file, wanted).join(", ")} } from ${JSON.stringify(file)};`;
  });
  return [`export * from ${JSON.stringify(join(src, entry))};`, ...moved].join("\n");
}

const REAL = "?real";

/** Puts stubs in place of what moved to another bundle than `bundle`. */
export function lateModules(bundle, src) {
  const homes = new Map();
  for (const [home, modules] of Object.entries(LATE)) {
    if (home === bundle) continue;
    for (const [module, wanted] of Object.entries(modules)) homes.set(join(src, module), { home, wanted });
  }
  return {
    name: "late-modules",
    load(id) {
      if (id.endsWith(REAL))
        return { code: readFileSync(id.slice(0, -REAL.length), "utf8"), moduleType: "ts", moduleSideEffects: false };
      const late = homes.get(id);
      if (late === undefined) return null;
      const moved = movedFrom(id, late.wanted);
      const stubs = moved.map(
        (name) => `export const ${name} = (...given) => require("./${late.home}").${name}(...given);`,
      );
      return { code: [`export * from ${JSON.stringify(id + REAL)};`, ...stubs].join("\n"), moduleType: "js" };
    },
    resolveId(id, importer) {
      if (id.startsWith("./hook-") && id.endsWith(".cjs")) return { id, external: true };
      // Relative imports of a real module start where its file is.
      if (id.endsWith(REAL)) return id;
      if (importer?.endsWith(REAL) && id.startsWith(".")) return this.resolve(id, importer.slice(0, -REAL.length));
      return null;
    },
  };
}
