import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact, redactText } from "../../src/core/audit/redact.js";
import { DETECTORS } from "../../src/core/audit/secret-detectors.js";
import {
  hintedKinds,
  mayHoldSecret,
  SECRET_HINTS,
  SECRET_KINDS,
  type SecretKind,
} from "../../src/core/audit/secret-hints.js";

/** Secrets are put together here, so that no scanner takes this file for a leak. They open nothing. */
const mixed = (length: number) => "aZ3kQ9xT7mB2vL5w".repeat(20).slice(0, length);
const hex = (length: number) => "3f9a0c7de1b24586".repeat(20).slice(0, length);
const upper = (length: number) => "QX7Z2MAB5KL3WVTR".repeat(8).slice(0, length);
const base64 = (length: number) => "Zm9v+YmFyL3h5eg0K".repeat(20).slice(0, length);
const block = (label: string, lines = 3) =>
  `-----BEGIN ${label}-----\n${`${base64(64)}\n`.repeat(lines)}-----END ${label}-----`;

/** Kind, text around, the secret inside it. */
const SECRETS: readonly (readonly [SecretKind, string, string])[] = [
  ["private_key", "echo '§' > k.pem", block(`RSA ${"PRIVATE KEY"}`)],
  ["private_key", "§", block(`OPENSSH ${"PRIVATE KEY"}`)],
  ["private_key", "§", block(`PGP ${"PRIVATE KEY"} BLOCK`)],
  ["private_key", '{"private_key":"§"}', block("PRIVATE KEY").replaceAll("\n", "\\n")],
  ["private_key", "§", `-----BEGIN ${"PRIVATE KEY"}-----\n${base64(64)}\n${base64(30)}`],
  ["aws_key", "export K=§", `AKIA${"Q7Z2MAB5KL3WVTRX"}`],
  ["aws_key", "aws_key §;", `ASIA${"Q7Z2MAB5KL3WVTRX"}`],
  ["azure_secret", "az login -s §", `abc8Q~${mixed(33)}`],
  ["azure_secret", "AccountName=x;AccountKey=§;EndpointSuffix=core", `${mixed(86)}==`],
  ["gcp_key", "curl 'https://x/y?k=§'", `AIza${mixed(35)}`],
  ["gcp_key", "§", `GOCSPX-${mixed(28)}`],
  ["gcp_key", "§", `ya29.${mixed(60)}`],
  ["github_token", "git clone https://§@github.com/a/b", `ghp_${mixed(36)}`],
  ["github_token", "§", `github_pat_${mixed(22)}_${mixed(59)}`],
  ["gitlab_token", "glab auth §", `glpat-${mixed(20)}`],
  ["slack_token", "§", `xoxb-${"123456789012"}-${mixed(24)}`],
  ["slack_webhook", "curl https://hooks.slack.com/services/§", `T012/B345/${mixed(24)}`],
  ["stripe_key", "§", `sk_live_${mixed(24)}`],
  ["stripe_key", "§", `whsec_${mixed(32)}`],
  ["anthropic_key", "§", `sk-ant-api03-${mixed(93)}AA`],
  ["openai_key", "§", `sk-proj-${mixed(48)}`],
  ["openai_key", "§", `sk-${mixed(48)}`],
  ["groq_key", "§", `gsk_${mixed(52)}`],
  ["xai_key", "§", `xai-${mixed(80)}`],
  ["perplexity_key", "§", `pplx-${mixed(48)}`],
  ["replicate_token", "§", `r8_${mixed(37)}`],
  ["huggingface_token", "§", `hf_${mixed(34)}`],
  ["npm_token", "§", `npm_${mixed(36)}`],
  ["npm_token", "//registry.npmjs.org/:_authToken=§", hex(36)],
  ["pypi_token", "§", `pypi-AgEIcHlwaS5vcmc${mixed(60)}`],
  ["rubygems_key", "§", `rubygems_${hex(48)}`],
  ["sendgrid_key", "§", `SG.${mixed(22)}.${mixed(43)}`],
  ["twilio_key", "§", `SK${hex(32)}`],
  ["mailgun_key", "§", `key-${hex(32)}`],
  ["telegram_token", "curl https://api.telegram.org/bot0/§", `1234567890:AA${mixed(33)}`],
  ["discord_token", "discord §", `M${mixed(23)}.${mixed(6)}.${mixed(30)}`],
  ["discord_webhook", "https://discord.com/api/webhooks/123456789012345678/§", mixed(68)],
  ["digitalocean_token", "§", `dop_v1_${hex(64)}`],
  ["shopify_token", "§", `shpat_${hex(32)}`],
  ["doppler_token", "§", `dp.pt.${mixed(43)}`],
  ["databricks_token", "§", `dapi${hex(32)}`],
  ["vault_token", "§", `hvs.${mixed(90)}`],
  ["linear_key", "§", `lin_api_${mixed(40)}`],
  ["notion_token", "§", `ntn_${mixed(46)}`],
  ["postman_key", "§", `PMAK-${hex(24)}-${hex(34)}`],
  ["grafana_token", "§", `glsa_${mixed(32)}_${hex(8)}`],
  ["planetscale_token", "§", `pscale_tkn_${mixed(43)}`],
  ["supabase_key", "§", `sbp_${hex(40)}`],
  ["cloudflare_key", "§", `v1.0-${hex(24)}-${hex(146)}`],
  ["flyio_token", "§", `fm2_${mixed(120)}`],
  ["age_key", "§", `AGE-SECRET-KEY-1${upper(58)}`],
  ["jwt", "§", `eyJ${mixed(20)}.eyJ${mixed(40)}.${mixed(43)}`],
  ["authorization", 'curl -H "Authorization: Bearer §" x', "abcdefgh"],
  ["authorization", "curl -H 'authorization: Basic §'", base64(20)],
  ["authorization", "-H 'X-Api-Key: §'", hex(16)],
  ["authorization", "send bearer §", mixed(30)],
  ["cookie", "-H 'Cookie: §'", `sid=${mixed(20)}; theme=dark`],
  ["cookie", "curl -b '§'", `session=${mixed(20)}`],
  ["url_password", "psql postgres://app:§@db:5432/x", "hunter2"],
  ["url_password", "git push https://me:§@example.com/r.git", "p4ss"],
  ["curl_password", "curl -u admin:§ https://x", "hunter2"],
  ["curl_password", 'curl --user "admin:§" x', "pässwort"],
  ["client_password", "mysql -h db -u root -p§ app", "hunter2"],
  ["client_password", "mysqldump -uroot -p'§' app", "two words"],
  ["client_password", "sshpass -p § ssh x", "hunter"],
  ["client_password", "redis-cli -h r -a § ping", "hunter"],
  ["client_password", "docker login -u me -p § registry", "hunter"],
  ["password", "PGPASSWORD=§ psql -c 'select 1'", "hunter"],
  ["password", "export DB_PASSWORD='§'", "two words"],
  ["password", "tool --password § run", "hunter2"],
  ["password", "tool --password=§ run", "hunter2"],
  ["password", '{"user":"me","password":"§"}', "correct9horse"],
  ["password", "password: §", "s3cretive"],
  ["password", "db_pwd = '§'", "hunter2!"],
  ["secret", "API_TOKEN=§ npm run deploy", "abcdef"],
  ["secret", "export AWS_SECRET_ACCESS_KEY=§", base64(40)],
  ["secret", "SOME_API_KEY=§", "abcd"],
  ["secret", 'const apiKey = "§";', hex(20)],
  ["secret", '"client_secret": "§",', mixed(24)],
  ["secret", "client_secret: §", mixed(24)],
  ["secret", "https://x/cb?access_token=§&state=1", hex(24)],
  ["secret", "--api-key § ", hex(20)],
  ["secret", '{\\"refresh_token\\": \\"§\\"}', hex(30)],
];

describe("secrets", () => {
  it.each(SECRETS)("%s in `%s`", (kind, around, secret) => {
    const text = around.replace("§", secret);
    const clean = redactText(text);
    expect(clean.text).toContain(`REDACTED_${kind}`);
    expect(clean.text).not.toContain(secret);
    expect(clean.count).toBe(1);
    // What stands around it stays.
    const [before = "", after = ""] = around.split("§");
    expect(clean.text.startsWith(before.replace(/["']$/, ""))).toBe(true);
    expect(clean.text.endsWith(after.replace(/^["']/, ""))).toBe(true);
    expect(mayHoldSecret(text)).toBe(true);
    expect(redactText(clean.text)).toEqual({ text: clean.text, count: 0 });
  });

  it("of every kind have a row above, and every kind a hint and a detector", () => {
    expect(SECRET_KINDS.filter((kind) => !SECRETS.some(([tried]) => tried === kind))).toEqual([]);
    expect(Object.keys(DETECTORS).sort()).toEqual([...SECRET_KINDS].sort());
    for (const kind of SECRET_KINDS) expect(SECRET_HINTS[kind].length).toBeGreaterThan(0);
  });

  it("that stand together are each replaced and counted", () => {
    const text = SECRETS.map(([, around, secret]) => around.replace("§", secret)).join("\n\n");
    const clean = redactText(text);
    for (const [, , secret] of SECRETS) if (secret.length > 12) expect(clean.text).not.toContain(secret);
    expect(clean.count).toBeGreaterThanOrEqual(SECRETS.length - 4);
  });
});

/** Known by their own form, nothing beside them needed. */
const TOKENS = SECRETS.filter(([kind, around]) => around === "§" && kind !== "private_key");

describe("a secret that something was glued to", () => {
  const GLUE = ["mcp__§__read", "mcp__§", "old_§_key", "v1.§", "x/§/y", "k=§", "%3D§", "a\\n§", "\\u0022§"];
  it.each(TOKENS)("%s", (kind, _, secret) => {
    const glue = kind === "mailgun_key" ? GLUE.filter((around) => around.includes("__§")) : [...GLUE, "s-§", "§-2"];
    for (const around of glue) {
      const text = around.replace("§", secret);
      const clean = redactText(text);
      expect([text, clean.text]).toEqual([text, expect.stringContaining(`REDACTED_${kind}`)]);
      expect([text, clean.text]).toEqual([text, expect.not.stringContaining(secret.slice(-12))]);
      expect(redactText(clean.text)).toEqual({ text: clean.text, count: 0 });
    }
  });

  it.each([
    ["https://api.telegram.org/bot§/sendMessage", "telegram_token", `1234567890:AA${mixed(33)}`],
    ["mcp__§__list", "aws_key", `AKIA${"Q7Z2MAB5KL3WVTRX"}`],
    ["mcp__§__list", "gcp_key", `AIza${mixed(35)}`],
    ["mcp__§__list", "npm_token", `npm_${mixed(36)}`],
  ])("%s: %s", (around, kind, secret) => {
    const clean = redactText(around.replace("§", secret)).text;
    expect(clean).toBe(around.replace("§", `REDACTED_${kind}`));
  });

  it.each([
    ["no word goes into another", `xghp_${mixed(36)} disk-${mixed(40)} task-${hex(32)} BASK${hex(32)}`],
    ["a cache key", `cache-key-${hex(32)} s3-key-${hex(32)}`],
    ["tools", "mcp__store__put mcp__linear-server__list_issues no-force-push 4f9d3c1e-1c5d-4f5e-9a53-111111111111"],
  ])("is none: %s", (_, text) => {
    expect(redactText(text)).toEqual({ text, count: 0 });
  });
});

describe("what is no secret", () => {
  it.each([
    ["a git commit", `git show ${hex(40)}`],
    ["a UUID", "id: 019c0000-0000-7000-8000-000000000001"],
    ["a hash", `sha256:${hex(64)}`],
    ["an image", `data:image/png;base64,iVBORw0KGgo${base64(300)}`],
    ["an integrity field", `"integrity": "sha512-${base64(86)}=="`],
    ["a type", "interface Login { password: string; token?: string; apiKey: string }"],
    ["a call", "const token = getToken(request); secret = load_secret(path)"],
    ["a member", "password = config.database.password1"],
    ["an environment variable", 'TOKEN=$GITHUB_TOKEN curl -H "Authorization: Bearer $TOKEN" x'],
    ["a command substitution", "export GH_TOKEN=$(gh auth token)"],
    ["a template", `password: {{ vault_password }} token: ${"$"}{{ secrets.TOKEN }} <your-token>`],
    ["a message", 'throw new Error("Password: is required"); label = "token: handle expiry"'],
    ["a count", "max_tokens=4096 --max-tokens 1000 token_count: 512"],
    ["a user id", "docker run -u 1000:1000 img && curl -s x"],
    ["a time", "curl -s x; date -u +%H:%M:%S"],
    ["a folder", "mkdir -p src/a && mysql --version"],
    ["a port", "ssh -p 2222 host; http://localhost:8080/a@b"],
    ["a mask", 'password: "********" token=xxxx API_KEY=<key> SECRET="..."'],
    ["a search", 'grep -qE "^API_KEY=" .env && echo "found"'],
    ["a public key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@host"],
    ["a header's name alone", "-----BEGIN PRIVATE KEY----- is how it starts"],
    ["a class name", "risk-assessment task-list disk-usage sk-button"],
    ["plain prose", "the secret of the token is the password of cookies"],
  ])("%s", (_, text) => {
    expect(redactText(text)).toEqual({ text, count: 0 });
  });
});

describe("redaction", () => {
  it("goes by the field's name as well", () => {
    const value = {
      user: "me",
      password: "hunter",
      nested: [{ api_key: "abcdef", privateKey: "x y z" }],
      cookie: "",
      max_tokens: 5,
    };
    expect(redact(value)).toEqual({
      value: {
        user: "me",
        password: "REDACTED_secret",
        nested: [{ api_key: "REDACTED_secret", privateKey: "REDACTED_secret" }],
        cookie: "",
        max_tokens: 5,
      },
      count: 3,
    });
    for (const key of ["password", "api_key", "privateKey", "accessToken", "Authorization"]) {
      expect(mayHoldSecret("hunter", key)).toBe(redactText("hunter", key).count > 0);
      expect(redactText("hunter", key).count).toBe(1);
    }
  });

  it("knows the user's own patterns, with or without the global flag", () => {
    const own = [/ACME-\d{4}/u, /x*/gu];
    const clean = redactText("key ACME-1234 and ACME-5678", "", own);
    expect(clean).toEqual({ text: "key REDACTED_custom and REDACTED_custom", count: 2 });
    expect(redactText(clean.text, "", own)).toEqual({ text: clean.text, count: 0 });
  });

  it("changes nothing the second time, whatever the text", () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom(...SECRETS.map(([, around, secret]) => around.replace("§", secret))),
      fc.constantFrom("password=", "TOKEN=", '"', "'", " ", "://", "@", "-p", "curl -u a:", "\n"),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const once = redactText(parts.join(""));
        expect(redactText(once.text).text).toBe(once.text);
      }),
      { numRuns: 1000 },
    );
  });

  it("never finds where the hints say there is nothing", () => {
    for (const [kind, around, secret] of SECRETS) {
      const text = around.replace("§", secret);
      expect(hintedKinds(text)).toContain(kind);
    }
  });
});

describe("the time a detector takes grows with the text and no faster", () => {
  /** Milliseconds of this process's own work, the best of three. */
  const work = (pattern: RegExp, text: string): number => {
    const once = () => {
      const before = process.cpuUsage();
      text.replace(pattern, "x");
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    return Math.min(once(), once(), once());
  };
  /** Work for four times the text against work for the text; 4 is linear, 16 quadratic, 0 too little to tell. */
  const growth = (pattern: RegExp, part: string, length: number): number => {
    const text = (size: number) => `${part.repeat(Math.ceil(size / part.length)).slice(0, size)}\0`;
    const single = work(pattern, text(length));
    return single < 20 ? 0 : work(pattern, text(4 * length)) / single;
  };
  const REPEATED = [
    "W-P-",
    "A-E",
    "P==",
    "--",
    "a+",
    "a://b:",
    "mysql ",
    "docker login ",
    "eyJa.",
    "-eyJ",
    "-eyJaaaaaaaa.eyJ-",
    "-sk-proj-",
    "_M-",
    "-u a",
    "=",
    '"',
    "_",
    "a",
    " ",
    "\\",
    "\n",
  ];
  const HEADER = `-----BEGIN ${"PRIVATE KEY"}-----\n${"A".repeat(30)}`;

  it("as this measure would show", () => expect(growth(/\w+!/g, "a", 12_000)).toBeGreaterThan(8));

  it.each(SECRET_KINDS)("%s", (kind) => {
    for (const { pattern } of DETECTORS[kind]) {
      for (const part of [...REPEATED, HEADER, ...SECRET_HINTS[kind]]) {
        expect(growth(pattern, part, 200_000)).toBeLessThan(8);
      }
    }
  });
});
