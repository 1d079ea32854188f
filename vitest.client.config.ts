import { defineConfig } from "vitest/config";

/** Tests with the real client; `npm run test:client` fetches it and cuts the network off. */
export default defineConfig({
  test: {
    include: ["test/client/**/*.client.ts"],
    globalSetup: "test/client/global-setup.ts",
    env: { TZ: "UTC", NO_COLOR: "1", COLUMNS: "120" },
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
