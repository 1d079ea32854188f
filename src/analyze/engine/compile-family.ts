/**
 * All cubes of one kind of row -> one statement, for engines to which a pass over the rows is dear: each row stands for
 * a list of cells, one or more for each cube that counts it. A cell is one text: the cube's place, then its keys.
 */
import { MEASURES, type MeasureName } from "../cubes/definitions.js";
import { conditionText, keyText, MAX_CELLS, measureText, SOURCES, type SqlCube, yieldOf } from "./compile-cube.js";
import { type Dialect, type Lists, whole } from "./dialect.js";
import type { Statement, Values } from "./engine.js";
import { conditions, type Scope } from "./scope.js";

export interface CompiledFamily {
  readonly statement: Statement;
  /** Which cube a row of its answer is a cell of, and the cell as the cube's own statement tells it. */
  readonly cellOf: (row: Values) => { readonly cube: number; readonly values: Values };
}

/** @param cubes all of rows of one kind; `null` when the filter leaves no row of it */
export function compileFamily(
  cubes: readonly SqlCube[],
  scope: Scope,
  dialect: Dialect,
  lists: Lists,
): CompiledFamily | null {
  const [first] = cubes;
  if (first === undefined) return null;
  const { kind } = SOURCES[first.of];
  const wanted = conditions(kind, scope, dialect);
  if (wanted === null) return null;
  const measures = MEASURES.map(({ name }) => name).filter((name) =>
    cubes.some((cube) => cube.measures.includes(name)),
  );
  const asked = [...measures.map((name) => measureText(name, dialect))].map((text, index) => `${text} AS m${index}`);
  const where = wanted.join(" AND ");
  const cells = cellsOf(cubes, scope, dialect, lists);
  // A filter that most rows fail is looked at before they become many.
  const isFiltered = Object.keys(scope.filter).some((name) => name !== "since" && name !== "until");
  const from = lists.from(isFiltered ? lists.when(where, cells) : cells, { kinds: [kind], window: scope.window });
  return {
    statement: {
      sql: `SELECT cell AS k0, ${asked.join(", ")} FROM ${from} WHERE ${where} GROUP BY k0 LIMIT ${whole(MAX_CELLS + 1)}`,
      yields: ["text", ...measures.map(() => "int" as const)],
    },
    cellOf: ([text = "", ...counts]) => told(String(text), counts, cubes, measures),
  };
}

function cellsOf(cubes: readonly SqlCube[], scope: Scope, dialect: Dialect, lists: Lists): string {
  const groups = new Map<string, { list: string | null; condition: string; texts: string[] }>();
  cubes.forEach((cube, index) => {
    const { list } = SOURCES[cube.of];
    const condition = (cube.where ?? []).map((one) => conditionText(one, dialect)).join(" AND ");
    const keys = cube.keys.map((key) => {
      const text = keyText(key, cube.of, scope, dialect);
      return yieldOf(key) === "int" ? lists.digits(text) : text;
    });
    const name = JSON.stringify([list, condition]);
    const group = groups.get(name) ?? { list, condition, texts: [] };
    groups.set(name, group);
    group.texts.push(lists.keyed([dialect.text(String(index)), ...keys]));
  });
  return lists.joined(
    [...groups.values()].map(({ list, condition, texts }) => {
      const all = list === null ? lists.of(texts) : lists.joined(texts.map((text) => lists.each(list, text)));
      return condition === "" ? all : lists.when(condition, all);
    }),
  );
}

function told(
  text: string,
  counts: Values,
  cubes: readonly SqlCube[],
  measures: readonly MeasureName[],
): { readonly cube: number; readonly values: Values } {
  const [place = "", ...keys] = text.split("\0");
  const cube = Number(place);
  const own = cubes[cube]?.measures ?? [];
  return { cube, values: [...keys, ...own.map((name) => counts[measures.indexOf(name)] ?? 0)] };
}
