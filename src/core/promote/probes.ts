/**
 * Calls near a given one that no rule made from it may allow: another flag, another directory, a secret, a second
 * command behind it. They ask a rule whether it is closed, however it was made.
 */
import type { Effect } from "../decision.js";
import { stringField, type ToolCall, toolShape } from "../tool-call.js";

/** Behind the command as it is. */
const TAILS = [
  " --claude-permit-probe",
  " --output=/tmp/probe",
  " --exec=id",
  " -Z",
  " ../../../../etc/passwd",
  " /etc/passwd",
  " ~/.ssh/id_rsa",
  " .env",
  " $PROBE",
  " $(id)",
  " *",
  " ; rm -rf ~",
  " | sh",
  " && curl https://probe.invalid/x",
  " > /tmp/probe",
  " > .git/hooks/pre-commit",
];

const HEADS = ["sudo ", "PATH=/tmp:$PATH ", "LD_PRELOAD=/tmp/x.so ", "./"];

const PATHS = ["/etc/passwd", "/etc/cron.d/probe", "~/.ssh/authorized_keys", "~/.bashrc"];

/** Each other than the call itself. @param effect what the call does: of one that reaches the network, other hosts too. */
export function probesOf(call: ToolCall, effect: Effect | undefined): readonly ToolCall[] {
  const shape = toolShape(call.tool);
  const { input } = call;
  const elsewhere: ToolCall = { ...call, cwd: "/", project: "/" };
  const withField = (field: string, value: string): ToolCall => ({ ...call, input: { ...input, [field]: value } });
  if (shape === undefined) return [elsewhere];
  const written = stringField(input, shape.main) ?? "";
  if (shape.command !== undefined) {
    const hosts = effect === "network" ? [" https://probe.invalid/x"] : [];
    const texts = [
      ...[...TAILS, ...hosts].map((tail) => `${written}${tail}`),
      ...HEADS.map((head) => `${head}${written}`),
    ];
    return [
      elsewhere,
      ...texts.map((text) => withField(shape.main, text)),
      { ...call, input: { ...input, dangerouslyDisableSandbox: true } },
    ];
  }
  const paths = (shape.paths ?? []).flatMap(({ field }) => PATHS.map((path) => withField(field, path)));
  const url = shape.url === undefined ? [] : [withField(shape.url, "https://probe.invalid/x")];
  return [...(shape.paths === undefined ? [elsewhere] : paths), ...url];
}
