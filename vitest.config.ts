import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const processes = ["test/hosts/process/**/*.test.ts", "test/package/**/*.test.ts"];

/** The tests that take minutes, the longest first. */
const longest = ["compositions", "fixtures", "refactored/other-topics", "refactored/arrays-and-branches", "random", "forward"].map((name) => `/test/${name}.test.ts`);

/** What takes longest begins first, so that at the end no processor waits for it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const isOf = (name: string) => ({ moduleId }: TestSpecification): boolean => moduleId.endsWith(name);
    return [...longest.flatMap((name) => others.filter(isOf(name))), ...others.filter((file) => !longest.some((name) => isOf(name)(file)))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Vitest leaves one processor free, which on a machine of two is half of it.
    maxWorkers: "100%",
    projects: [
      {
        // Many small programs are compiled: modules are loaded once for all of them, and what is young is collected seldom.
        test: { name: "unit", include: ["test/**/*.test.ts"], exclude: processes, testTimeout: 30_000, isolate: false, execArgv: ["--max-semi-space-size=64"] },
      },
      {
        // Real processes on the built package: few, and slow.
        test: {
          name: "process",
          include: processes,
          globalSetup: "test/hosts/build.ts",
          // A process is not a thread of ours: on a machine of few cores more than two only wait for each other.
          maxConcurrency: 2,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
