/**
 * Secrets out, `REDACTED_<kind>` in: for every string that leaves the process (log, prompt, report). Works on whole
 * strings; running it again changes nothing. It cannot know a secret that has neither form nor name.
 */
import { DETECTORS, type Detector } from "./secret-detectors.js";
import { hintedKinds, type SecretKind } from "./secret-hints.js";

export interface Redacted {
  readonly text: string;
  /** Secrets replaced. */
  readonly count: number;
}

/** `key` is the name of the field that holds the text; `extra` are the user's own patterns, replaced whole. */
export function redactText(text: string, key = "", extra: readonly RegExp[] = []): Redacted {
  let count = 0;
  let clean = text;
  for (const kind of hintedKinds(text)) {
    for (const detector of DETECTORS[kind]) {
      clean = clean.replace(detector.pattern, (match: string, before: unknown, secret: unknown) => {
        if (typeof before !== "string" || typeof secret !== "string") return replaced(kind, match);
        return isNoSecret(secret, detector) ? match : before + replaced(kind, secret);
      });
    }
  }
  for (const pattern of extra) {
    const all = pattern.global ? pattern : new RegExp(pattern.source, `${pattern.flags}g`);
    clean = clean.replace(all, (match: string) =>
      match === "" || isRedacted(match) ? match : replaced("custom", match),
    );
  }
  if (count === 0 && isSecretField(key) && !isNoSecret(text, { byName: "any-value" })) {
    clean = replaced("secret", text);
  }
  return { text: clean, count };

  function replaced(kind: SecretKind | "custom", secret: string): string {
    count += 1;
    const quote = /^["']/.exec(secret)?.[0] ?? "";
    return `${quote}REDACTED_${kind}${quote}`;
  }
}

/** The same for any parsed JSON value, fields in their order. Nothing is cut; depth is the caller's care. */
export function redact(
  value: unknown,
  extra: readonly RegExp[] = [],
): { readonly value: unknown; readonly count: number } {
  let count = 0;
  const walk = (part: unknown, key: string): unknown => {
    if (typeof part === "string") {
      const clean = redactText(part, key, extra);
      count += clean.count;
      return clean.text;
    }
    if (Array.isArray(part)) return part.map((item) => walk(item, key));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, walk(item, name)]));
  };
  return { value: walk(value, ""), count };
}

const SECRET_FIELD =
  /^(?:\w{0,32}[_-])?(?:password|passwd|passphrase|pwd|secret|client_?secret|api_?key|(?:access|auth|refresh|bearer|session|id)_?token|private_?key|secret_?key|authorization|cookies?)$/i;

function isSecretField(key: string): boolean {
  return key !== "" && key.length <= 64 && SECRET_FIELD.test(key);
}

/** Variables, templates, stand-ins and masks. */
const PLACEHOLDER =
  /^(?:\$|<|\{\{|\{[\w.]+\}|\[|%\w+%|@[\w.-]+@|\*{2,}|\.{2,}|…|x{3,}$|(?:null|none|nil|true|false|undefined|string|str|boolean|number|required|optional|redacted|hidden|masked|placeholder|changeme|example|secret|password|passwd|token|test)$|(?:your|my|the|an?|some|insert|enter|replace|example|dummy|fake|sample)[ _-])/i;

function isRedacted(secret: string): boolean {
  return secret.includes("REDACTED_");
}

function isNoSecret(quoted: string, detector: Pick<Detector, "byName">): boolean {
  if (detector.byName === undefined) return isRedacted(quoted);
  const isQuoted = /^["']/.test(quoted);
  const value = isQuoted ? quoted.slice(1, -1) : quoted;
  if (value.length < 3 || isRedacted(value) || PLACEHOLDER.test(value)) return true;
  // `-u 1000:1000`, a port, a year.
  if (/^\d{1,5}$/.test(value)) return true;
  if (detector.byName === "any-value") return false;
  const hasDigit = /\d/.test(value);
  // Code and prose: `token: string`, `secret = load_secret(...)`, "Password is required".
  if (isQuoted) return !hasDigit && (/\s/.test(value) || value.length < 6);
  return !hasDigit || value.length < 6 || /^[\w$]+(?:\.[\w$]+)+\(?$/.test(value);
}
