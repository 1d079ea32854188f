export function buildHook(folder?: string, version?: string): Promise<void>;
