// How much longer a build takes with the plugin: whole processes of tsc and tspc on a project of 200 files, in turns.
//
//   npm run bench -- --runs 5
//
// A plugin that does nothing tells what of it is the price of ts-patch.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { files } from "./compile-time/project.js";

const repository = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = 1.3;

const { values } = parseArgs({ options: { runs: { type: "string", default: "5" } } });
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) {
  process.stderr.write(`--runs must be a positive whole number, not "${values.runs}"\n`);
  process.exit(2);
}

const tsc = join(repository, "node_modules/typescript/bin/tsc");
const tspc = join(repository, "node_modules/ts-patch/bin/tspc.js");
const contestants = [
  { name: "tsc", script: tsc, config: "plain.json" },
  { name: "tspc, a plugin that does nothing", script: tspc, config: "nothing.json" },
  { name: "tspc, tsgrad", script: tspc, config: "tsgrad.json" },
];

buildIfStale();
const folder = realpathSync(mkdtempSync(join(tmpdir(), "tsgrad-bench-")));
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    remove();
    process.exit(1);
  });
}
try {
  makeProject();
  report(measure());
} finally {
  remove();
}

function remove() {
  rmSync(folder, { recursive: true, force: true });
}

function makeProject() {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of ["typescript", "ts-patch"]) symlinkSync(join(repository, "node_modules", name), join(modules, name), "junction");
  symlinkSync(repository, join(modules, "tsgrad"), "junction");
  for (const [name, text] of files()) write(name, text);
  write("package.json", `{ "type": "module" }\n`);
  write("nothing.cjs", `module.exports = () => () => (file) => file;\n`);
  configure("plain.json", []);
  configure("nothing.json", [{ transform: "./nothing.cjs" }]);
  configure("tsgrad.json", [{ transform: "tsgrad/transformer" }]);
}

function write(name, text) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function configure(name, plugins) {
  const compilerOptions = {
    target: "es2022",
    module: "nodenext",
    rootDir: "src",
    outDir: `out/${name.replace(".json", "")}`,
    declaration: true,
    strict: true,
    noUncheckedIndexedAccess: false,
    skipLibCheck: true,
    types: [],
    plugins,
  };
  write(name, JSON.stringify({ compilerOptions, include: ["src"] }, null, 2));
}

/** The times of each contestant, in seconds. They run in turns, so that a busy moment of the machine meets them all. */
function measure() {
  const times = new Map(contestants.map(({ name }) => [name, []]));
  // The first run reads the files from the disk, and ts-patch fills its cache.
  for (const contestant of contestants) compile(contestant);
  for (let run = 0; run < runs; run++) {
    for (const contestant of contestants) times.get(contestant.name).push(compile(contestant));
  }
  return times;
}

function compile({ name, script, config }) {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "-p", config], { cwd: folder, encoding: "utf8" });
  const seconds = (performance.now() - begin) / 1000;
  if (status !== 0) {
    process.stderr.write(`${name} failed:\n${stdout}${stderr}`);
    remove();
    process.exit(1);
  }
  return seconds;
}

function report(times) {
  const medians = new Map([...times].map(([name, all]) => [name, median(all)]));
  const [plain] = medians.values();
  const width = Math.max(...[...medians.keys()].map((name) => name.length));
  process.stdout.write(`200 files of 75 lines with 20 gradients, medians of ${runs}:\n`);
  for (const [name, seconds] of medians) {
    const fastest = Math.min(...times.get(name));
    process.stdout.write(
      `  ${name.padEnd(width)}  ${seconds.toFixed(2)} s, ${(seconds / plain).toFixed(2)} times tsc; the fastest ${fastest.toFixed(2)} s\n`,
    );
  }
  const ratio = medians.get("tspc, tsgrad") / plain;
  process.stdout.write(`The target of ${target} times tsc is ${ratio <= target ? "met" : "missed"}.\n`);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function buildIfStale() {
  const built = join(repository, "dist/transformer.cjs");
  const newest = Math.max(...["src", "transformer", "build"].map((name) => newestIn(join(repository, name))));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  const { status } = spawnSync(process.execPath, [join(repository, "build/build.js")], { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) process.exit(1);
}

function newestIn(path) {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return Math.max(...entries.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}
