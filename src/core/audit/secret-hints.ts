/**
 * Which kinds of secret a text could hold, told by plain words alone: so cheap that clean text costs nothing, and small
 * enough for the hook to carry while the detectors stay in a file of their own. It finds no secret; it rules them out.
 */

/**
 * Kind -> words, one of which is part of every such secret or stands beside it; a word in lower case is found in any
 * case, one with capitals as it is. The order is the order in which detectors run: what can be told exactly before what
 * is told by a name beside it.
 */
export const SECRET_HINTS = {
  private_key: ["PRIVATE KEY"],
  aws_key: ["AKIA", "ASIA", "ABIA", "ACCA", "A3T"],
  azure_secret: ["Q~", "accountkey=", "sharedaccesskey=", "sig="],
  gcp_key: ["AIza", "GOCSPX-", "ya29."],
  github_token: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
  gitlab_token: ["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-", "glsoat-"],
  slack_token: ["xoxa-", "xoxb-", "xoxe", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"],
  slack_webhook: ["hooks.slack.com"],
  stripe_key: ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk_prod_", "rk_prod_", "whsec_"],
  anthropic_key: ["sk-ant-"],
  openai_key: ["sk-"],
  groq_key: ["gsk_"],
  xai_key: ["xai-"],
  perplexity_key: ["pplx-"],
  replicate_token: ["r8_"],
  huggingface_token: ["hf_", "api_org_"],
  npm_token: ["npm_", "_authtoken"],
  pypi_token: ["pypi-"],
  rubygems_key: ["rubygems_"],
  sendgrid_key: ["SG."],
  twilio_key: ["SK"],
  mailgun_key: ["key-"],
  telegram_token: [":AA"],
  discord_token: ["discord"],
  discord_webhook: ["/api/webhooks/"],
  digitalocean_token: ["dop_v1_", "doo_v1_", "dor_v1_"],
  shopify_token: ["shpat_", "shpca_", "shppa_", "shpss_"],
  doppler_token: ["dp.pt.", "dp.st.", "dp.sa."],
  databricks_token: ["dapi"],
  vault_token: ["hvs.", "hvb.", "hvr."],
  linear_key: ["lin_api_"],
  notion_token: ["ntn_", "secret_"],
  postman_key: ["PMAK-"],
  grafana_token: ["glc_", "glsa_"],
  planetscale_token: ["pscale_tkn_", "pscale_pw_"],
  supabase_key: ["sbp_", "sb_secret_"],
  cloudflare_key: ["v1.0-"],
  flyio_token: ["fo1_", "fm1", "fm2_"],
  age_key: ["AGE-SECRET-KEY-1"],
  jwt: ["eyJ"],
  authorization: ["authorization", "bearer", "x-api-key", "x-auth", "-token:"],
  cookie: ["cookie", "curl"],
  url_password: ["://"],
  curl_password: ["curl", "wget"],
  client_password: ["mysql", "mariadb", "sshpass", "redis-cli", "docker", "podman", "helm", "psql"],
  password: ["passw", "passphrase", "pwd"],
  secret: ["secret", "token", "api_key", "apikey", "api-key", "_key", "privatekey", "credential"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type SecretKind = keyof typeof SECRET_HINTS;

export const SECRET_KINDS = Object.keys(SECRET_HINTS) as readonly SecretKind[];

/** Kinds worth looking for, in the order of the table. @param among of these; of many texts, what all of them together hint at */
export function hintedKinds(text: string, among: readonly SecretKind[] = SECRET_KINDS): readonly SecretKind[] {
  const lower = text.toLowerCase();
  const isThere = (word: string) => (word === word.toLowerCase() ? lower : text).includes(word);
  return among.filter((kind) => SECRET_HINTS[kind].some(isThere));
}

/**
 * INVARIANT: false only when no built-in detector can find anything in this text or under this field name; patterns of
 * the user's own have no hints.
 */
export function mayHoldSecret(text: string, key = ""): boolean {
  return hintedKinds(text).length > 0 || (key !== "" && hintedKinds(key).length > 0);
}
