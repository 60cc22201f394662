import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";

type Body = (exports: unknown, require: NodeJS.Require, module: { exports: unknown }, filename: string, dirname: string) => void;

/**
 * The module at `path`, run like one that `require` loads, from the machine code that an earlier process kept beside it.
 *
 * A build runs most of the compiler once: V8 spends a fifth of that time on parsing and compiling its functions. What it
 * made of them is kept in `cache/` beside the module, within the installed package, under a name made of the text and of
 * V8's version: it goes when the package goes, and a newer one never meets it. Where nothing can be written, nothing is
 * kept; what V8 refuses is made anew.
 */
export function load(path: string): unknown {
  const text = readFileSync(path);
  const name = `${String(text.length)}-${crc32(text).toString(16)}`;
  const cache = join(dirname(path), "cache", `${process.versions.v8}-${process.arch}-${name}`);
  const cachedData = kept(cache);
  // The build writes it in ASCII.
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${text.toString("latin1")}\n})`, { filename: path, cachedData });
  if (cachedData === undefined || script.cachedDataRejected === true) {
    // At the end, when V8 has compiled the functions that a build calls.
    process.once("exit", () => keep(cache, script.createCachedData()));
  }
  const module = { exports: {} as unknown };
  (script.runInThisContext() as Body)(module.exports, createRequire(path), module, path, dirname(path));
  return module.exports;
}

function kept(cache: string): Buffer | undefined {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

/** Written aside and moved, so that another process finds all of it or none. */
function keep(cache: string, code: Buffer): void {
  const written = `${cache}.${String(process.pid)}`;
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch {
      // A folder that cannot be written, or a full disk: the next build starts as slowly as this one.
    }
  };
  attempt(() => {
    mkdirSync(dirname(cache), { recursive: true });
    writeFileSync(written, code);
    renameSync(written, cache);
  });
  attempt(() => {
    rmSync(written, { force: true });
  });
}
