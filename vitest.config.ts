import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/fixed-seed.ts"],
    env: { TZ: "UTC", NO_COLOR: "1", COLUMNS: "120" },
    testTimeout: 30_000,
    // A busy machine may fail a test of processes and signals; what passes only the second time is printed as such.
    retry: process.env["CI"] === undefined ? 0 : 1,
    coverage: { provider: "v8", include: ["src/**/*.ts"], thresholds: { lines: 85 } },
  },
});
