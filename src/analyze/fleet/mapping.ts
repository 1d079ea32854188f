/** The names outside as one value: what each column is called in OTLP and in OCSF, for who maps them further. */
import { OCSF_PLACES, OCSF_VERSION } from "./ocsf.js";
import { ROW_COLUMN_NAMES, ROW_COLUMNS } from "./row.js";
import { ALSO, attributeOf, EVENT_NAMES, SERVICE, WIRE_VERSION } from "./wire.js";

export function mapping(): unknown {
  return {
    version: WIRE_VERSION,
    service: SERVICE,
    event_names: EVENT_NAMES,
    ocsf_version: OCSF_VERSION,
    columns: ROW_COLUMN_NAMES.map((name) => ({
      column: name,
      about: ROW_COLUMNS[name].about,
      of: ROW_COLUMNS[name].of,
      otlp: name === "time" ? ["timeUnixNano"] : [attributeOf(name), ...namesOf(name)],
      ocsf: OCSF_PLACES.filter(({ column }) => column === name).map(({ place }) => place),
    })),
  };
}

function namesOf(column: string): readonly string[] {
  return ALSO.filter((one) => one.column === column).map(({ name }) => name);
}
