/** The built command line at a moment of our choosing: `node pinned-cli.mjs <milliseconds> <arguments…>`. */
const [now] = process.argv.splice(2, 1);
Date.now = () => Number(now);
await import("../../dist/cli/main.js");
