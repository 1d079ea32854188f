/**
 * A Report as it may leave the machine: home folders become `~`, names of users and hosts become USER and HOST, secrets
 * become REDACTED_<kind>, in every text of it. Says how often. It cannot know a name that is neither given nor in a path,
 * and it never touches a number.
 */
import { redactText } from "../../core/audit/redact.js";
import { hintedKinds } from "../../core/audit/secret-hints.js";
import type { Chart, ProseBlock, Report, SamplePlace, Summary, Table, Value } from "./report.schema.js";

/** Who and where the report is made, as the caller knows it. */
export interface Identity {
  readonly homes: readonly string[];
  readonly users: readonly string[];
  readonly hosts: readonly string[];
}

/** Home folders of any system, plain, or flattened as Claude Code names project folders (`-home-dana-shop`). */
const HOMES = [
  /(?<![\w.])\/(?:home|Users)\/([^\s/:'"`\\,;()<>|]+)/g,
  /(?<![\w.])[A-Za-z]:\\{1,2}Users\\{1,2}([^\s\\/:'"`,;()<>|]+)/gi,
  /(?<=^|[\s/'"`])-(?:home|Users)-([A-Za-z0-9]+)/g,
];
/** `dana@host.example`: an address or a login; not `lodash@4.17.21`, not `git@`. */
const LOGIN = /(?<![\w./+-])(?!git@|USER@)[\w.+-]+@(?=[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b)/gi;
/** Names that say nothing about a person, and would be found in ordinary words. */
const COMMON = new Set(
  "user users root admin home dev test node app build runner ubuntu debian vagrant guest shared public work default me localhost local claude permit bash git npm deny allow ask".split(
    " ",
  ),
);
const LEAST_NAME = 3;

/** @param extra the user's own patterns of secrets */
export function redactReport(report: Report, identity: Identity, extra: readonly RegExp[] = []): Report {
  const { clean, counts } = cleanerFor(identity, extra, (each) => mapTexts(report, each));
  return { ...mapTexts(report, clean), redacted: counts };
}

/** The same for any JSON value, names of keys included. */
export function redactJson(value: unknown, identity: Identity, extra: readonly RegExp[]): unknown {
  return mapStrings(value, cleanerFor(identity, extra, (each) => mapStrings(value, each)).clean);
}

type MapText = (text: string) => string;

/**
 * @param visit shows it every text there is: names found in one are known in all, and what is in none is looked for in none.
 */
function cleanerFor(identity: Identity, extra: readonly RegExp[], visit: (each: MapText) => void) {
  const counts = { homes: 0, names: 0, secrets: 0 };
  const texts: string[] = [];
  visit((text) => {
    texts.push(text);
    return text;
  });
  // INVARIANT: no pattern tells the end of a text from the end of a line, so what one text holds is found in all of them as well.
  const all = texts.join("\n");
  const kinds = hintedKinds(all);
  const folders = identity.homes.filter((home) => home.length > 1).toSorted((a, b) => b.length - a.length);
  const homes = [...folders.map((home) => new RegExp(`${escaped(home)}(?![\\w.-])`, "g")), ...HOMES];
  const hosts = identity.hosts.flatMap((host) => [host, host.split(".")[0] ?? ""]);
  const steps: readonly Step[] = [
    ...homes.map((pattern): Step => ({ pattern, kind: "homes", stand: "~" })),
    { pattern: LOGIN, kind: "names", stand: "USER@" },
    ...wordsOf([...identity.users, ...usersIn(all)], "USER"),
    ...wordsOf(hosts, "HOST"),
  ];
  let left = all;
  const found = steps.filter(({ pattern, stand }) => {
    const before = left;
    left = left.replace(pattern, () => stand);
    return left !== before;
  });
  const cleaned = new Map<string, Cleaned>();
  const cleanOf = (text: string): Cleaned => {
    const secret = redactText(text, "", extra, kinds);
    const met = { homes: 0, names: 0, secrets: secret.count };
    let shown = secret.text;
    for (const { pattern, kind, stand } of found) {
      shown = shown.replace(pattern, () => {
        met[kind] += 1;
        return stand;
      });
    }
    return { ...met, text: shown };
  };
  const clean = (text: string): string => {
    const known = cleaned.get(text) ?? cleanOf(text);
    cleaned.set(text, known);
    counts.homes += known.homes;
    counts.names += known.names;
    counts.secrets += known.secrets;
    return known.text;
  };
  return { clean, counts };
}

interface Step {
  readonly pattern: RegExp;
  readonly kind: "homes" | "names";
  readonly stand: string;
}

interface Cleaned {
  readonly text: string;
  readonly homes: number;
  readonly names: number;
  readonly secrets: number;
}

function mapStrings(value: unknown, map: MapText): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((one) => mapStrings(one, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [map(key), mapStrings(one, map)]));
}

/** The same report with every text that a log, a policy or a path can fill put through `map`; our own words stay. */
function mapTexts(report: Report, map: MapText): Report {
  const each = <T>(values: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
  const value = (one: Value): Value => (typeof one === "string" ? map(one) : one);
  const sample = (one: SamplePlace): SamplePlace => ({
    ...one,
    at: map(one.at),
    session: map(one.session),
    subject: map(one.subject),
    reason: map(one.reason),
    rule_source: map(one.rule_source),
  });
  const table = (one: Table): Table => ({
    ...one,
    rows: one.rows.map(({ cells, samples, filter }) => ({
      cells: Object.fromEntries(
        Object.entries(cells).map(([id, cell]) => [id, one.columns[id]?.unit === "time" ? cell : value(cell)]),
      ),
      samples: samples.map(sample),
      filter: each(filter, map),
    })),
  });
  const chart = (one: Chart): Chart => ({
    ...one,
    series: one.series.map((series) => ({ ...series, label: map(series.label) })),
    points: one.points.map((point) => ({ ...point, label: map(point.label) })),
  });
  const summary = (one: Summary): Summary =>
    one.kind === "missing" ? { ...one, why: map(one.why) } : { ...one, blocks: one.blocks.map(block) };
  const block = ({ kind, entries }: ProseBlock): ProseBlock => ({
    kind,
    entries: entries.map((entry) => entry.map((run) => ({ ...run, text: map(run.text) }))),
  });
  return {
    ...report,
    filter: each(report.filter, map),
    files: report.files.map(map),
    ...(report.summary === undefined ? {} : { summary: summary(report.summary) }),
    completeness: { ...report.completeness, notes: report.completeness.notes.map(map) },
    sections: each(report.sections, (section) => ({
      ...section,
      figures: each(section.figures, (figure) => ({ ...figure, value: value(figure.value) })),
      charts: each(section.charts, chart),
      tables: each(section.tables, table),
      notes: section.notes.map(map),
    })),
  };
}

/** Names that stand in a home folder anywhere. */
function usersIn(text: string): readonly string[] {
  return HOMES.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = ""]) => name));
}

function wordsOf(names: readonly string[], stand: string): Step[] {
  const telling = names.filter((name) => name.length >= LEAST_NAME && !COMMON.has(name.toLowerCase()));
  return [...new Set(telling)]
    .toSorted((a, b) => b.length - a.length)
    .map((name) => ({
      kind: "names",
      stand,
      pattern: new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(name)}(?![\\p{L}\\p{N}_])`, "giu"),
    }));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
