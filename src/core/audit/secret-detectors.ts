/**
 * What each kind of secret looks like. Formats are the issuers' documented prefixes and lengths; the last rows know a
 * secret by the name, flag or header beside it.
 *
 * INVARIANT: linear time. Every repeat is bounded or runs over a class that its successor cannot start with, and a token
 * whose class holds `-` or `.` starts only where no such character stands before (no restarts inside one run).
 * In a pattern with groups, group 1 stays and group 2 is the secret; without groups the whole match is.
 */
import type { SecretKind } from "./secret-hints.js";

export interface Detector {
  readonly pattern: RegExp;
  /** Told by its surroundings only: placeholders, variables and plain words are no secrets. */
  readonly byName?: "any-value" | "no-plain-words";
}

/**
 * A value after a name: an opening quote that stays, then what it encloses, or a word up to the next separator. The quote
 * may itself be escaped, as in JSON inside a shell command.
 */
const OPEN = `\\\\?["']?`;
const VALUE = `((?<=\\\\["'])[^"'\\\\\\n]{1,512}|(?<=")[^"\\n]{1,512}|(?<=')[^'\\n]{1,512}|[^\\s"'\`;|&(){}<>,]{1,512})`;

const row = (pattern: RegExp): readonly Detector[] => [{ pattern }];

export const DETECTORS: Readonly<Record<SecretKind, readonly Detector[]>> = {
  private_key: row(
    /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?=(?:\s|\\[nr]){1,8}(?:[A-Za-z0-9+/=]{24}|[A-Za-z-]{3,20}: ))[A-Za-z0-9+/=\s\\:,.()-]{16,}?(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|(?![A-Za-z0-9+/=\s\\:,.()-]))/g,
  ),
  aws_key: row(/\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g),
  azure_secret: [
    { pattern: /(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g },
    { pattern: /((?:AccountKey|SharedAccessKey)=)([A-Za-z0-9+/]{40,100}={0,2})/gi },
    { pattern: /([?&]sig=)([A-Za-z0-9%+/]{40,120}(?:%3D|=){0,2})/gi },
  ],
  gcp_key: row(/(?<![\w-])(?:AIza[\w-]{35}|GOCSPX-[\w-]{28}|ya29\.[\w-]{20,400})/g),
  github_token: row(/\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{22,255})\b/g),
  gitlab_token: row(/(?<![\w-])gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\w.=-]{20,300}/g),
  slack_token: row(/(?<![\w-])(?:xox[abeoprs]|xapp)-[\w.-]{10,300}/g),
  slack_webhook: row(/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)([\w/+-]{20,120})/g),
  stripe_key: row(/\b(?:[rs]k_(?:live|test|prod)_[A-Za-z0-9]{10,200}|whsec_[A-Za-z0-9+/=]{24,100})/g),
  anthropic_key: row(/(?<![\w-])sk-ant-[\w-]{20,200}/g),
  openai_key: row(/(?<![\w-])sk-(?:(?:proj|svcacct|admin|or-v1)-[\w-]{20,250}|[A-Za-z0-9]{32,64}(?![\w-]))/g),
  groq_key: row(/\bgsk_[A-Za-z0-9]{40,80}\b/g),
  xai_key: row(/(?<![\w-])xai-[A-Za-z0-9]{60,100}\b/g),
  perplexity_key: row(/(?<![\w-])pplx-[A-Za-z0-9]{40,80}\b/g),
  replicate_token: row(/\br8_[A-Za-z0-9]{37,40}\b/g),
  huggingface_token: row(/\b(?:hf|api_org)_[A-Za-z0-9]{30,50}\b/g),
  npm_token: [{ pattern: /\bnpm_[A-Za-z0-9]{36}\b/g }, { pattern: /(_authToken\s?=\s?)([^\s"'$]{8,200})/g }],
  pypi_token: row(/(?<![\w-])pypi-AgE[\w-]{50,1000}/g),
  rubygems_key: row(/\brubygems_[a-f0-9]{48}\b/g),
  sendgrid_key: row(/(?<![\w.-])SG\.[\w-]{16,32}\.[\w-]{30,64}/g),
  twilio_key: row(/\bSK[0-9a-f]{32}\b/g),
  mailgun_key: row(/(?<![\w-])key-[0-9a-f]{32}\b/g),
  telegram_token: row(/(?<![\w:])\d{8,12}:AA[\w-]{33}(?![\w-])/g),
  discord_token: row(/(?<![\w.-])[MNO][A-Za-z0-9_-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])/g),
  discord_webhook: row(/(\/api\/webhooks\/\d{16,22}\/)([\w-]{60,90})/g),
  digitalocean_token: row(/\bdo[opr]_v1_[a-f0-9]{64}\b/g),
  shopify_token: row(/\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b/g),
  doppler_token: row(/\bdp\.(?:pt|st|sa)\.[A-Za-z0-9._-]{40,80}/g),
  databricks_token: row(/\bdapi[a-f0-9]{32}(?:-\d)?\b/g),
  vault_token: row(/(?<![\w.-])hv[sbr]\.[\w-]{24,300}/g),
  linear_key: row(/\blin_api_[A-Za-z0-9]{32,48}\b/g),
  notion_token: row(/\b(?:ntn_[A-Za-z0-9]{40,50}|secret_[A-Za-z0-9]{43})\b/g),
  postman_key: row(/\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}\b/g),
  grafana_token: row(/\bgl(?:c_[A-Za-z0-9+/]{32,400}={0,2}|sa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8})/g),
  planetscale_token: row(/\bpscale_(?:tkn|pw)_[\w=.-]{32,64}/g),
  supabase_key: row(/\b(?:sbp_[a-f0-9]{40}|sb_secret_[\w-]{20,60})/g),
  cloudflare_key: row(/\bv1\.0-[a-f0-9]{24}-[a-f0-9]{146}\b/g),
  flyio_token: row(/\b(?:fo1_[\w-]{43}|fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,2000}={0,3})/g),
  age_key: row(/\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b/g),
  jwt: row(/(?<![\w-])eyJ[\w-]{8,4000}\.eyJ[\w-]{8,8000}\.[\w-]{8,2000}/g),

  authorization: [
    {
      pattern:
        /(\bauthorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bearer|basic|token|apikey|bot|digest|negotiate)\s{1,3})([^\s"',;<>]{4,4096})/gi,
      byName: "any-value",
    },
    { pattern: /(\bbearer\s{1,3})([\w.~+/=-]{16,4096})/gi, byName: "no-plain-words" },
    {
      pattern: /(\b(?:authorization|x-(?:[a-z]{1,16}-){0,3}(?:key|token|auth|secret)):\s{0,3})([^\s"',;<>]{6,4096})/gi,
      byName: "no-plain-words",
    },
  ],
  cookie: [
    { pattern: /(\b(?:set-)?cookie["']?\s{0,2}:\s{0,3}["']?)(\w[^\s=;"'\r\n]{0,100}=[^\r\n"']{4,8192})/gi },
    { pattern: /(\s(?:-b|--cookie)[ =]["']?)([\w.-]{1,100}=[^\s"';]{6,8192})/g },
  ],
  url_password: [
    {
      pattern: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'`<>]{0,128}:)([^\s/@"'`<>]{1,256})(?=@)/gi,
      byName: "any-value",
    },
  ],
  curl_password: [
    {
      pattern: /(\s(?:-u|--user|--proxy-user)[ =]{0,2}["']?[^\s:"'`+%][^\s:"'`]{0,127}:)([^\s"'`]{1,256})/g,
      byName: "any-value",
    },
  ],
  client_password: [
    byValue(`\\b(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb(?:-[a-z]{1,8})?)\\s[^\\n|;&]{0,300}?\\s-p(?![\\s-])`),
    byValue(`\\bsshpass\\s{1,3}-p\\s{0,3}`),
    byValue(`\\bredis-cli\\s[^\\n|;&]{0,200}?\\s-a\\s{1,3}`),
    byValue(`\\b(?:docker|podman|helm registry)\\s{1,3}login\\s[^\\n|;&]{0,200}?\\s-p\\s{1,3}`),
  ],
  password: named("(?:password|passwd|passphrase|pwd)"),
  secret: named(
    "(?:secret|token|credentials?|(?:api|secret|access|private|auth|encryption|signing|master|service|account)[_-]?key|service[_-]?role[_-]?key)",
  ),
};

function byValue(before: string): Detector {
  return { pattern: new RegExp(`(${before}${OPEN})${VALUE}`, "g"), byName: "any-value" };
}

/** `NAME=value` of a shell, `--name value` of a command line, `name: "value"` of a data or source file. */
function named(word: string): readonly Detector[] {
  const inText = (before: string): Detector => ({
    pattern: new RegExp(`(${before}${OPEN})${VALUE}`, "gi"),
    byName: "no-plain-words",
  });
  return [
    byValue(`(?<![A-Z0-9_])[A-Z0-9_]{0,48}${word.toUpperCase()}=`),
    inText(`(?<![\\w-])--?[\\w-]{0,32}${word}(?:=|\\s{1,3})`),
    inText(`(?<![\\w-])[\\w-]{0,48}${word}\\\\?["']?\\s{0,3}(?::=|=>|=|:)\\s{0,3}`),
  ];
}
