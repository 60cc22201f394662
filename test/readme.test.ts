import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { functionIn, withBlocks } from "./docs/blocks.js";
import { printed } from "./docs/printed.js";
import { emit } from "./fixtures/emitted.js";
import { expectKept } from "./fixtures/kept.js";
import { repository } from "./program.js";

const readme = posix.join(repository, "README.md");
const example = posix.join(repository, "examples/readme/example.ts");

describe("the README", () => {
  it("shows the example, the code emitted for it and what it prints", () => {
    const source = readFileSync(example, "utf8");
    const { texts } = emit(new Map([[example, source]]));
    const code = functionIn(texts.get(example) ?? "", "fGrad");
    const newton = readFileSync(posix.join(repository, "fixtures/loops/square-root.expected.ts"), "utf8");
    const blocks = new Map([
      ["examples/readme/example.ts", source],
      ["npx tsgrad emit examples/readme/example.ts#f", code],
      ["npm run demo", printed(texts, example)],
      ["fixtures/loops/square-root.expected.ts", functionIn(newton, "squareRootGrad")],
    ]);
    // npm test -- -u writes them.
    expectKept(readme, withBlocks(readFileSync(readme, "utf8"), (name) => blocks.get(name)));
  });

  it("names commands that exist", () => {
    const { scripts } = JSON.parse(readFileSync(posix.join(repository, "package.json"), "utf8")) as { scripts: object };
    const named = [...readFileSync(readme, "utf8").matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it("names files that exist", () => {
    const links = [...readFileSync(readme, "utf8").matchAll(/\]\(([\w./-]+)\)/g)].map(([, path = ""]) => path);
    for (const path of links) expect(existsSync(posix.join(repository, path)), path).toBe(true);
  });
});
