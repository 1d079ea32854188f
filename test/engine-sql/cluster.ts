/**
 * A real cluster on loopback: two shards of two replicas, one ZooKeeper, in a folder that goes away with it. The server is
 * the old one that Debian has: a stand-in for distribution and replication, not for speed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SERVER = "/usr/sbin/clickhouse-server";
const ZOOKEEPER = "/usr/share/java/zookeeper.jar";
const READY_MS = 60_000;

export const CLUSTER_NAME = "fleet";

export interface Node {
  readonly port: number;
  readonly shard: number;
  readonly replica: number;
  readonly process: ChildProcess;
}

export interface Cluster {
  readonly nodes: readonly Node[];
  /** Runs one statement on a node over HTTP: its answer as text. Rejects with the server's message. */
  readonly run: (
    node: Node | undefined,
    sql: string,
    body?: string,
    settings?: Readonly<Record<string, string>>,
  ) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** What is missing to start one, `null` when nothing is. */
export function missingForCluster(): string | null {
  if (!existsSync(SERVER)) return "clickhouse-server is not installed";
  if (!existsSync(ZOOKEEPER)) return "zookeeper is not installed";
  return null;
}

export async function startCluster(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "permit-cluster-"));
  const started: ChildProcess[] = [];
  const start = (name: string, program: string, args: readonly string[]) => {
    const child = spawn(program, args, { cwd: folder, stdio: "ignore" });
    child.on("error", () => undefined);
    started.push(child);
    return { name, child };
  };
  const stop = async () => {
    await Promise.all(started.map(ended));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [keeper = 0, ...ports] = await freePorts(1 + 4 * 3);
    const places = [0, 1, 2, 3].map((index) => ({
      shard: (index >> 1) + 1,
      replica: (index & 1) + 1,
      http: ports[index * 3] ?? 0,
      tcp: ports[index * 3 + 1] ?? 0,
      between: ports[index * 3 + 2] ?? 0,
    }));
    mkdirSync(join(folder, "zk"));
    writeFileSync(
      join(folder, "zoo.cfg"),
      `tickTime=500\ndataDir=${join(folder, "zk")}\nclientPort=${keeper}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n4lw.commands.whitelist=ruok\n`,
    );
    start("zookeeper", "java", [
      "-Xmx128m",
      "-cp",
      `${ZOOKEEPER}:/usr/share/java/*`,
      "org.apache.zookeeper.server.quorum.QuorumPeerMain",
      join(folder, "zoo.cfg"),
    ]);
    // INVARIANT: a server that does not find it at once falls over at its first distributed statement.
    await ready(() => isOk(keeper), folder);
    const nodes = places.map((place, index): Node => {
      const own = join(folder, `node${index}`);
      mkdirSync(own);
      writeFileSync(join(own, "users.xml"), USERS);
      writeFileSync(join(own, "config.xml"), config(own, place, places, keeper));
      const { child } = start(`node${index}`, SERVER, [`--config-file=${join(own, "config.xml")}`]);
      return { port: place.http, shard: place.shard, replica: place.replica, process: child };
    });
    const run: Cluster["run"] = (node, sql, body = "", settings = {}) => send(node?.port ?? 0, sql, body, settings);
    await Promise.all(
      nodes.map((node, index) =>
        ready(() => run(node, "SELECT count() FROM system.zookeeper WHERE path = '/'"), join(folder, `node${index}`)),
      ),
    );
    return { nodes, run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function send(
  port: number,
  sql: string,
  body: string,
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const asked = new URLSearchParams({ ...settings, ...(body === "" ? {} : { query: sql }) });
  const response = await fetch(`http://127.0.0.1:${port}/?${asked}`, {
    method: "POST",
    // It closes idle connections sooner than a client would notice.
    headers: { connection: "close" },
    body: body === "" ? sql : body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text.slice(0, 500));
  return text;
}

/** ZooKeeper's own word that it serves. */
function isOk(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("ruok"));
    socket.setTimeout(2000, () => socket.destroy(new Error("no answer")));
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("no answer")));
    socket.once("data", (data) => {
      if (data.toString() === "imok") resolve("imok");
      socket.destroy();
    });
  });
}

async function ready(ask: () => Promise<string>, folder: string): Promise<void> {
  const until = Date.now() + READY_MS;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (Date.now() > until) throw new Error(`not ready: ${String(error)}\n${tail(join(folder, "error.log"))}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8").slice(-2000) : "";
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

interface Place {
  readonly shard: number;
  readonly replica: number;
  readonly http: number;
  readonly tcp: number;
  readonly between: number;
}

function config(folder: string, own: Place, all: readonly Place[], keeper: number): string {
  const shards = [1, 2].map((shard) => {
    const replicas = all.filter((one) => one.shard === shard);
    const listed = replicas.map(({ tcp }) => `<replica><host>127.0.0.1</host><port>${tcp}</port></replica>`);
    return `<shard><internal_replication>true</internal_replication>${listed.join("")}</shard>`;
  });
  return `<yandex>
<logger><level>warning</level><log>${folder}/server.log</log><errorlog>${folder}/error.log</errorlog></logger>
<listen_host>127.0.0.1</listen_host><http_port>${own.http}</http_port><tcp_port>${own.tcp}</tcp_port>
<interserver_http_port>${own.between}</interserver_http_port><interserver_http_host>127.0.0.1</interserver_http_host>
<path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path>
<users_config>${folder}/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
<mark_cache_size>67108864</mark_cache_size>
<remote_servers><${CLUSTER_NAME}>${shards.join("")}</${CLUSTER_NAME}></remote_servers>
<zookeeper><node><host>127.0.0.1</host><port>${keeper}</port></node></zookeeper>
<macros><shard>${own.shard}</shard><replica>${own.replica}</replica></macros>
<distributed_ddl><path>/clickhouse/task_queue/ddl</path></distributed_ddl>
</yandex>
`;
}

const USERS = `<yandex>
<profiles><default><max_memory_usage>2000000000</max_memory_usage></default></profiles>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users>
<quotas><default></default></quotas>
</yandex>
`;
