/**
 * What each kind of secret looks like. Formats are the issuers' documented prefixes and lengths; the last rows know a
 * secret by the name, flag or header beside it.
 *
 * INVARIANT: linear time. Every repeat is bounded or runs over a class that its successor cannot start with, and a long run
 * with something behind it does not pass a place where the next token could begin (no restarts inside one run).
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

/**
 * A token begins and ends where no letter or digit stands beside it. Other joints (`mcp__<key>__read`, `s-<key>`) do not
 * hide it, nor does an escape that ends in one (`\\n<key>`, `%3D<key>`).
 */
const START = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\(?:[nrt]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})|%[0-9A-Fa-f]{2}))`;
const END = "(?![A-Za-z0-9])";

/** What an issuer makes, known by its own form. */
const token = (...forms: readonly string[]): readonly Detector[] =>
  row(new RegExp(`${START}(?:${forms.join("|")})`, "g"));

export const DETECTORS: Readonly<Record<SecretKind, readonly Detector[]>> = {
  private_key: row(
    /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?=(?:\s|\\[nr]){1,8}(?:[A-Za-z0-9+/=]{24}|[A-Za-z-]{3,20}: ))[A-Za-z0-9+/=\s\\:,.()-]{16,}?(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|(?![A-Za-z0-9+/=\s\\:,.()-]))/g,
  ),
  aws_key: token(`(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}${END}`),
  azure_secret: [
    ...token(String.raw`[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])`),
    { pattern: /((?:AccountKey|SharedAccessKey)=)([A-Za-z0-9+/]{40,100}={0,2})/gi },
    { pattern: /([?&]sig=)([A-Za-z0-9%+/]{40,120}(?:%3D|=){0,2})/gi },
  ],
  gcp_key: token(String.raw`AIza[\w-]{35}`, String.raw`GOCSPX-[\w-]{28}`, String.raw`ya29\.[\w-]{20,400}`),
  github_token: token(`gh[pousr]_[A-Za-z0-9]{36,255}${END}`, String.raw`github_pat_\w{22,255}`),
  gitlab_token: token(String.raw`gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\w.=-]{20,300}`),
  slack_token: token(String.raw`(?:xox[abeoprs]|xapp)-[\w.-]{10,300}`),
  slack_webhook: row(/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)([\w/+-]{20,120})/g),
  stripe_key: token("[rs]k_(?:live|test|prod)_[A-Za-z0-9]{10,200}", "whsec_[A-Za-z0-9+/=]{24,100}"),
  anthropic_key: token(String.raw`sk-ant-[\w-]{20,200}`),
  openai_key: token(String.raw`sk-(?:proj|svcacct|admin|or-v1)-[\w-]{20,250}`, `sk-[A-Za-z0-9]{32,64}${END}`),
  groq_key: token(`gsk_[A-Za-z0-9]{40,80}${END}`),
  xai_key: token(`xai-[A-Za-z0-9]{60,100}${END}`),
  perplexity_key: token(`pplx-[A-Za-z0-9]{40,80}${END}`),
  replicate_token: token(`r8_[A-Za-z0-9]{37,40}${END}`),
  huggingface_token: token(`(?:hf|api_org)_[A-Za-z0-9]{30,50}${END}`),
  npm_token: [...token(`npm_[A-Za-z0-9]{36}${END}`), { pattern: /(_authToken\s?=\s?)([^\s"'$]{8,200})/g }],
  pypi_token: token(String.raw`pypi-AgE[\w-]{50,1000}`),
  rubygems_key: token(`rubygems_[a-f0-9]{48}${END}`),
  sendgrid_key: token(String.raw`SG\.[\w-]{16,32}\.[\w-]{30,64}`),
  twilio_key: token(`SK[0-9a-f]{32}${END}`),
  // `cache-key-<hash>` is none.
  mailgun_key: row(/(?:(?<![\w-])|(?<=__))key-[0-9a-f]{32}(?![A-Za-z0-9])/g),
  telegram_token: row(/(?<=(?:^|[^A-Za-z0-9:])(?:bot)?)\d{8,12}:AA[\w-]{33}(?![A-Za-z0-9])/g),
  discord_token: token(`[MNO][A-Za-z0-9_-]{23,27}\\.[\\w-]{6}\\.[\\w-]{27,40}${END}`),
  discord_webhook: row(/(\/api\/webhooks\/\d{16,22}\/)([\w-]{60,90})/g),
  digitalocean_token: token(`do[opr]_v1_[a-f0-9]{64}${END}`),
  shopify_token: token(`shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}${END}`),
  doppler_token: token(String.raw`dp\.(?:pt|st|sa)\.[A-Za-z0-9._-]{40,80}`),
  databricks_token: token(`dapi[a-f0-9]{32}(?:-\\d)?${END}`),
  vault_token: token(String.raw`hv[sbr]\.[\w-]{24,300}`),
  linear_key: token(`lin_api_[A-Za-z0-9]{32,48}${END}`),
  notion_token: token(`ntn_[A-Za-z0-9]{40,50}${END}`, `secret_[A-Za-z0-9]{43}${END}`),
  postman_key: token(`PMAK-[a-f0-9]{24}-[a-f0-9]{34}${END}`),
  grafana_token: token("glc_[A-Za-z0-9+/]{32,400}={0,2}", "glsa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8}"),
  planetscale_token: token(String.raw`pscale_(?:tkn|pw)_[\w=.-]{32,64}`),
  supabase_key: token("sbp_[a-f0-9]{40}", String.raw`sb_secret_[\w-]{20,60}`),
  cloudflare_key: token(`v1\\.0-[a-f0-9]{24}-[a-f0-9]{146}${END}`),
  flyio_token: token(String.raw`fo1_[\w-]{43}`, "fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,2000}={0,3}"),
  age_key: token(`AGE-SECRET-KEY-1[A-Z0-9]{58}${END}`),
  jwt: token(String.raw`eyJ(?:[A-Za-z0-9]|[-_](?!eyJ)){8,4000}\.eyJ[\w-]{8,8000}\.[\w-]{8,2000}`),

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
