import { defineConfig } from "vitest/config";

/** Tests against other engines and a cluster; `npm run test:fleet` gets what they need and says what it could not. */
export default defineConfig({
  test: {
    include: ["test/**/*.fleet.ts"],
    env: { TZ: "UTC", NO_COLOR: "1", COLUMNS: "120" },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 1,
  },
});
