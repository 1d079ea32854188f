/** Operations -> edits of the policy texts, one after another, and what the history is to say of each. */
import { addRule, removeRule, setKeys, type TomlEdit, updateRule } from "../../core/policy/toml-edit.js";
import type { RuleChangeEvent } from "../../store/promotion/rule-history.js";
import { QueryFault } from "../query/query-fault.js";
import type { Operation } from "./apply.schema.js";
import { asTable } from "./parse-apply.js";
import type { PolicyTexts } from "./policy-texts.js";

/** One operation as it was carried out. */
export interface Done {
  readonly type: Operation["type"] | "rollback";
  /** Id of the rule, as it is called afterwards; of settings, the keys. */
  readonly rule: string;
  readonly file: string;
  readonly event: RuleChangeEvent;
  readonly reason?: string;
}

export function editTexts(texts: PolicyTexts, operations: readonly Operation[], cwd: string): readonly Done[] {
  return operations.map((operation, index) => {
    try {
      return editOne(texts, operation, cwd);
    } catch (error) {
      if (operations.length === 1 || !(error instanceof QueryFault)) throw error;
      const { path } = error.more;
      const at = `operations[${index}]`;
      throw new QueryFault(error.code, error.message, {
        ...error.more,
        path: path === undefined ? at : `${at}.${path}`,
      });
    }
  });
}

function editOne(texts: PolicyTexts, operation: Operation, cwd: string): Done {
  const { type, reason } = operation;
  const done = (file: string, rule: string, event: RuleChangeEvent): Done => ({
    type,
    rule,
    file,
    event,
    ...(reason === undefined ? {} : { reason }),
  });
  switch (operation.type) {
    case "add_rule": {
      const file = texts.fileOf(operation.file, cwd);
      const rule = asTable(operation.rule);
      write(texts, file, addRule(texts.text(file), operation.kind, rule), "rule");
      return done(file, nameIn(rule) ?? `(unnamed ${operation.kind})`, "rule_added");
    }
    case "update_rule": {
      const { file, path } = texts.rule(operation.id);
      const changes = asTable(operation.changes);
      write(texts, file, updateRule(texts.text(file), { path }, changes), "changes");
      return done(file, nameIn(changes) ?? operation.id, "rule_updated");
    }
    case "remove_rule": {
      const { file, path } = texts.rule(operation.id);
      write(texts, file, removeRule(texts.text(file), { path }), "id");
      return done(file, operation.id, "rule_removed");
    }
    case "toggle_rule": {
      const { file, path, enabled } = texts.rule(operation.id);
      const to = operation.enabled ?? !enabled;
      if (to !== enabled)
        write(texts, file, updateRule(texts.text(file), { path }, { enabled: to ? null : false }), "enabled");
      return done(file, operation.id, to ? "rule_restored" : "rule_revoked");
    }
    case "update_settings": {
      const file = texts.fileOf(operation.file, cwd);
      const settings = asTable(operation.settings);
      write(texts, file, setKeys(texts.text(file), ["settings"], settings), "settings");
      return done(file, `settings: ${Object.keys(settings).join(", ")}`, "settings_updated");
    }
    default:
      return operation satisfies never;
  }
}

function write(texts: PolicyTexts, file: string, edit: TomlEdit, path: string): void {
  if (edit.kind === "edited") texts.write(file, edit.text);
  else throw new QueryFault("invalid_query", `${file}: ${edit.detail}`, { path });
}

function nameIn({ name, id }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof name === "string" ? name : typeof id === "string" ? id : undefined;
}
