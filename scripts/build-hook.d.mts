/** Bundles the hook into `folder`, `dist/` by default. */
export function buildHook(folder?: string): Promise<void>;
