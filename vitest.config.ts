import { defineConfig } from "vitest/config";

const processes = ["test/hosts/process/**/*.test.ts", "test/package/**/*.test.ts"];

export default defineConfig({
  test: {
    // Vitest leaves one processor free, which on a machine of two is half of it.
    maxWorkers: "100%",
    projects: [
      {
        test: { name: "unit", include: ["test/**/*.test.ts"], exclude: processes, testTimeout: 30_000 },
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
