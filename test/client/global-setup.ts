/** Builds the hook once for all files and hands on where the client is; both are made ready by `npm run test:client`. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildHook } from "../../scripts/build-hook.mjs";

declare module "vitest" {
  export interface ProvidedContext {
    /** The client's program. */
    readonly client: string;
    /** Folder of the built hook. */
    readonly hookFolder: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const client = process.env["CLAUDE_PERMIT_CLIENT"] ?? "";
  if (!existsSync(client)) throw new Error("run these tests with: npm run test:client");
  const hookFolder = mkdtempSync(join(tmpdir(), "claude-permit-hook-"));
  await buildHook(hookFolder);
  project.provide("client", client);
  project.provide("hookFolder", hookFolder);
  return () => rmSync(hookFolder, { recursive: true, force: true });
}
