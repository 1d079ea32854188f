/**
 * The library: judge calls as the hook does, read the log, build the report. What is not exported here is not promised
 * to stay. Importing it does nothing.
 */

export { renderJson } from "./analyze/report/render/json.js";
export { renderMarkdown } from "./analyze/report/render/markdown.js";
export type { Report } from "./analyze/report/report.schema.js";
export type { RecordFilter, Scanned } from "./analyze/scan/scan.js";
export type { AuditRecord } from "./core/audit/record.js";
export type { Decision, Effect, Tier } from "./core/decision.js";
export { evaluate } from "./core/policy/evaluate.js";
export type { EvaluateDeps, EvaluateOptions, Evaluation } from "./core/policy/evaluation.js";
export type { Policy, Problem, Rule } from "./core/policy/policy.js";
export type { ToolCall } from "./core/tool-call.js";
export { buildReport, type ReportOptions } from "./library/build-report.js";
export { AuditError, readAudit } from "./library/read-audit.js";
export { type CallInput, evaluateDeps, type PolicyPlace, readPolicy, toolCall } from "./library/read-policy.js";
