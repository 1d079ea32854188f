/** PowerShell text, judged conservatively. */
import type { ShellAnalysis } from "./shell.js";

export function analyzePowerShell(_text: string): ShellAnalysis {
  return { status: "unknown", reasons: [{ code: "powershell", pos: 0 }], parts: [] };
}
