/**
 * Secrets out, `REDACTED_<kind>` in: for every string that leaves the process (log, prompt, report). Works on whole
 * strings; running it again changes nothing. It cannot know a secret that has neither form nor name.
 */
import { DETECTORS, type Detector } from "./secret-detectors.js";
import { hintedKinds, SECRET_KINDS, type SecretKind } from "./secret-hints.js";

export interface Redacted {
  readonly text: string;
  /** Secrets replaced. */
  readonly count: number;
}

/**
 * `key` is the name of the field that holds the text; `extra` are the user's own patterns, replaced whole; `among` are the
 * kinds that may be there at all.
 */
export function redactText(
  text: string,
  key = "",
  extra: readonly RegExp[] = [],
  among: readonly SecretKind[] = SECRET_KINDS,
): Redacted {
  let count = 0;
  let clean = text;
  for (const kind of hintedKinds(text, among)) {
    for (const detector of DETECTORS[kind]) {
      clean = clean.replace(detector.pattern, (match: string, before: unknown, secret: unknown) => {
        if (typeof before !== "string" || typeof secret !== "string") return isRedacted(match) ? match : replaced(kind);
        if (isNoSecret(secret, detector, /["']$/.test(before)) || LABEL_BEFORE.test(before)) return match;
        return before + replaced(kind);
      });
    }
  }
  for (const pattern of extra) {
    const all = pattern.global ? pattern : new RegExp(pattern.source, `${pattern.flags}g`);
    clean = clean.replace(all, (match: string) => (match === "" || isRedacted(match) ? match : replaced("custom")));
  }
  if (count === 0 && isSecretField(key) && !isNoSecret(text, { byName: "any-value" }, false)) {
    clean = replaced("secret");
  }
  return { text: clean, count };

  function replaced(kind: SecretKind | "custom"): string {
    count += 1;
    return `REDACTED_${kind}`;
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
  /^(?:\$|<|\{\{|\{[\w.]+\}|\[|%\w+%|@[\w.-]+@|\*{2,}|\.{2,}|…|x{3,}$|(?:null|none|nil|true|false|undefined|string|str|boolean|number|required|optional|redacted|hidden|masked|placeholder|changeme|example|secret|password|passwd|token|test|enabled|disabled|default|unknown|missing|invalid|empty)$|(?:your|my|the|an?|some|insert|enter|replace|example|dummy|fake|sample)[ _-])/i;

/** Our own label stands where a name would: `REDACTED_npm_token=`. */
const LABEL_BEFORE = /REDACTED_[a-z_]+\\?["']?\s{0,3}[:=]?[=>]?\s{0,3}\\?["']?$/;

function isRedacted(secret: string): boolean {
  return secret.includes("REDACTED_");
}

function isNoSecret(value: string, { byName }: Pick<Detector, "byName">, isQuoted: boolean): boolean {
  if (isRedacted(value)) return true;
  if (byName === undefined) return false;
  if (value.length < 3 || PLACEHOLDER.test(value)) return true;
  // The quote closed something: `grep "^API_KEY=" .env && echo "found"`.
  if (isQuoted && /^\s/.test(value)) return true;
  // `-u 1000:1000`, a port, a year.
  if (/^\d{1,5}$/.test(value)) return true;
  if (byName === "any-value") return false;
  const hasDigit = /\d/.test(value);
  // Code and prose: `token: string`, `secret = load_secret(...)`, "Password is required".
  if (isQuoted) return !hasDigit && (/\s/.test(value) || value.length < 6);
  return !hasDigit || value.length < 6 || /^[\w$]+(?:\.[\w$]+)+\(?$/.test(value);
}
