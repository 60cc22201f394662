// Makes `dist`: the runtime as modules with their types, the compiler, the command line and the testing entry as
// CommonJS bundles. ts-patch loads the plugin with `require`, in every build of every user: one file loads fast.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);
// Built aside and then moved, so that whoever uses `dist` meanwhile never finds half of it.
const target = join(root, `dist.${process.pid}`);

const compiled = spawnSync(
  process.execPath,
  [require.resolve("typescript/bin/tsc"), "-p", join(root, "build/tsconfig.json"), "--outDir", target],
  { stdio: "inherit" },
);
if (compiled.status !== 0) {
  rmSync(target, { recursive: true, force: true });
  process.exit(compiled.status ?? 1);
}

// Every build reads the compiler: a quarter fewer letters, all of them ASCII. Names stay, for whoever reports a fault.
const onlySpace = { compress: false, mangle: false, codegen: { removeWhitespace: true } };
const inAscii = (file) => {
  const escaped = (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  writeFileSync(file, readFileSync(file, "utf8").replace(/[^\0-\x7f]/g, escaped));
};

const entries = {
  transformer: { input: "transformer/main.ts", exports: "default" },
  compiler: { input: "transformer/index.ts", exports: "default" },
  testing: { input: "transformer/testing.ts", exports: "named" },
  cli: { input: "transformer/hosts/cli/main.ts", exports: "named", banner: "#!/usr/bin/env node" },
};
for (const [name, { input, exports, banner }] of Object.entries(entries)) {
  await build({
    input: join(root, input),
    platform: "node",
    // The compiler that runs is the user's: nothing of ours may load another.
    external: [/^node:/, "typescript"],
    output: { file: join(target, `${name}.cjs`), format: "cjs", exports, banner, codeSplitting: false, ...(name === "compiler" && { minify: onlySpace }) },
    logLevel: "warn",
  });
}
inAscii(join(target, "compiler.cjs"));
for (const name of ["transformer", "testing"]) cpSync(join(root, `build/${name}.d.cts`), join(target, `${name}.d.cts`));

rmSync(join(root, "dist"), { recursive: true, force: true });
renameSync(target, join(root, "dist"));

// The examples name the package as users do, and ts-patch looks for it among the installed ones only.
const installed = join(root, "node_modules/tsgrad");
if (existsSync(join(root, "node_modules")) && !existsSync(installed)) symlinkSync("..", installed, "junction");
