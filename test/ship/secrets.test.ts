/** Secrets planted in every tool's shape and every field: the bytes that leave hold none of them, in any profile. */
import { rmSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { PROFILES } from "../../src/analyze/ship/protect-row.js";
import { type Receiver, startReceiver } from "./receiver.js";
import { shipWorld } from "./ship-world.js";

const fill = (length: number) => "Zk3Qp9Xw7Lr2Vt8Nb5Hy4Jd6Mf1Gc0SaUeIoRxTqWz".repeat(4).slice(0, length);
/** As their issuers form them; made up. */
const SECRETS = [
  `AKIA${"QWERTYUIOPASDFGH"}`,
  `ghp_${fill(36)}`,
  `sk-ant-api03-${fill(60)}`,
  `glpat-${fill(24)}`,
  `xoxb-${fill(30)}`,
  `npm_${fill(36)}`,
  `hf_${fill(34)}`,
  `sk_live_${fill(30)}`,
  `AIza${fill(35)}`,
];
const INPUTS: readonly (readonly [tool: string, input: (secret: string) => unknown])[] = [
  ["Bash", (secret) => ({ command: `curl -H "Authorization: Bearer ${secret}" https://api.example.com/${secret}` })],
  ["Bash", (secret) => ({ command: `TOKEN=${secret} ./run.sh --password ${secret}` })],
  ["Read", (secret) => ({ file_path: `/srv/${secret}/notes.txt` })],
  ["Write", (secret) => ({ file_path: "/srv/.env", content: `KEY=${secret}\n` })],
  ["Edit", (secret) => ({ file_path: "/srv/a.ts", old_string: secret, new_string: `"${secret}"` })],
  ["WebFetch", (secret) => ({ url: `https://user:${secret}@example.com/?token=${secret}`, prompt: secret })],
  ["Grep", (secret) => ({ pattern: secret, path: `/srv/${secret}` })],
  ["Agent", (secret) => ({ subagent_type: "general", prompt: `use ${secret}` })],
  ["mcp__store__put", (secret) => ({ key: "k", value: secret, nested: { deep: [secret] } })],
];

/** Lines as nothing of ours writes them: unredacted, with the secret in every field that takes text. */
function plantedLog(): string {
  const lines = INPUTS.flatMap(([tool, input], place) =>
    SECRETS.flatMap((secret, which) => {
      const at = (second: number) => new Date(Date.UTC(2026, 9, 20, 1, place, which * 3 + second)).toISOString();
      const id = `toolu_${place}_${which}`;
      const every = {
        session_id: which % 2 === 0 ? `s-${secret}` : "4f9d3c1e-1c5d-4f5e-9a53-111111111111",
        project: `/home/dana/${secret}`,
        cwd: `/home/dana/${secret}`,
        home: "/home/dana",
        tool_use_id: which % 2 === 0 ? id : secret,
        agent_id: secret,
      };
      return [
        {
          v: 1,
          id: `${id}-1`,
          timestamp: at(0),
          event: "PreToolUse",
          ...every,
          tier: "llm",
          decision: "deny",
          tool_name: which % 3 === 0 ? `mcp__${secret}__x` : tool,
          rule_id: secret,
          rule_ids: [secret, `deny ${secret}`],
          rule_source: `/home/dana/${secret}.toml:3`,
          rule_matched: secret,
          commands: [`curl ${secret}`, secret],
          paths: [`/srv/${secret}`],
          policy_hash: secret,
          llm_model: secret,
          llm_score: "RED",
          llm_error: `timeout with ${secret}`,
          llm_reasoning: secret,
          reason: `never send ${secret}`,
          reroute: {
            mode: "offer",
            original_input: input(secret),
            alternative_input: input(secret),
            matched_rules: [secret],
            rationale: secret,
          },
          tool_input: input(secret),
          imported_from: secret,
          engine_version: secret,
          auto_promoted: false,
        },
        {
          v: 1,
          id: `${id}-2`,
          timestamp: at(1),
          event: "PermissionRequest",
          ...every,
          tool_name: tool,
          tool_input: input(secret),
          auto_promoted: false,
        },
        {
          v: 1,
          id: `${id}-3`,
          timestamp: at(2),
          event: "PostToolUse",
          ...every,
          tool_name: tool,
          error: secret,
          tool_result_preview: secret,
          auto_promoted: false,
        },
        {
          v: 1,
          id: `${id}-4`,
          timestamp: at(2),
          event: `odd ${secret}`,
          ...every,
          promoted_rule: secret,
          unheard_of: secret,
          auto_promoted: false,
        },
        {
          v: 1,
          id: `${id}-5`,
          timestamp: at(2),
          event: "rule_promoted",
          ...every,
          promoted_rule: secret,
          reason: secret,
          auto_promoted: false,
        },
      ].map((record) => JSON.stringify(record));
    }),
  );
  return `${lines.join("\n")}\n{"v":1,"broken":"${SECRETS[0]}\nnot json ${SECRETS[1]}\n`;
}

const receivers: Receiver[] = [];
const homes: string[] = [];
afterAll(async () => {
  for (const one of receivers) await one.close();
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

describe("no planted secret arrives", () => {
  it.each(PROFILES)("under the profile %s", async (profile) => {
    const receiver = await startReceiver();
    receivers.push(receiver);
    const world = shipWorld(receiver.url);
    homes.push(world.home);
    writeFileSync(world.log, plantedLog());
    expect(
      await world.ship({ profile, limits: { batchBytes: 1e9, maxBacklogBytes: null, maxBacklogMs: null } }),
    ).toMatchObject({ kind: "done" });
    const arrived = receiver.bodies.join("");
    expect(receiver.rows.filter(({ kind }) => kind === "call").length).toBeGreaterThan(40);
    const leaks = receiver.rows.flatMap((row) =>
      Object.entries(row).flatMap(([column, value]) => {
        const found = SECRETS.find((secret) => JSON.stringify(value).includes(secret));
        return found === undefined ? [] : [`${column}: ${found.slice(0, 6)} in ${JSON.stringify(value).slice(0, 80)}`];
      }),
    );
    expect([...new Set(leaks)]).toEqual([]);
    expect(SECRETS.filter((secret) => arrived.includes(secret))).toEqual([]);
    if (profile === "full") {
      expect(arrived).toContain("REDACTED_");
      expect(arrived).toContain("api.example.com");
      return;
    }
    expect(arrived).not.toMatch(/dana|notes\.txt.*KEY|Authorization|--password|never send/);
    if (profile === "counts") expect(arrived).not.toMatch(/curl|\/srv|example\.com|unheard_of/);
  });

  it("and a body leaves under the profile full only", async () => {
    for (const profile of PROFILES) {
      const receiver = await startReceiver();
      receivers.push(receiver);
      const world = shipWorld(receiver.url);
      homes.push(world.home);
      writeFileSync(world.log, plantedLog());
      await world.ship({ profile });
      const bodies = receiver.rows.filter(({ body }) => body !== "").length;
      expect(bodies > 0).toBe(profile === "full");
      expect(receiver.rows.some(({ reason, excerpt }) => reason + excerpt !== "")).toBe(profile === "full");
      expect(new Set(receiver.rows.map((row) => row.profile))).toEqual(new Set([profile]));
    }
  });
});
