export function buildCli(folder?: string): Promise<void>;
