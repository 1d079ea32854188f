// Puts packages that are asked for at a moment's notice, by `require`, into one file each: dist/packages/NAME.cjs, which the
// source names `#packages/NAME`. So whoever installs claude-permit does not install them, nor the binaries, languages and
// compilers that come with them and are never used.
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));

const PACKAGES = {
  "chrono-node": "chrono-node/en",
  "cli-progress": "cli-progress",
  handlebars: "handlebars/runtime",
  // Pure JavaScript, the one form we use; the package would bring a native and a Java one.
  recheck: "recheck/lib/browser.js",
};

/** @returns the files of packages that went into it. */
export async function buildPackages(folder = join(root, "dist")) {
  const sources = [];
  for (const [name, input] of Object.entries(PACKAGES)) {
    const { output } = await build({
      cwd: root,
      input: { [name]: input },
      platform: "node",
      logLevel: "warn",
      output: {
        dir: join(folder, "packages"),
        format: "cjs",
        entryFileNames: "[name].cjs",
        minify: true,
        codeSplitting: false,
      },
    });
    sources.push(...output.flatMap((file) => file.moduleIds ?? []));
  }
  return sources;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildPackages(process.argv[2]);
}
