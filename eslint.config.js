import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/dist/**", "**/dist.*/**", "**/node_modules/**", "fixtures/**/*.expected.ts", "coverage/**", ".cache/**", "test/zz-*"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-undef": "off",
      "no-constant-condition": ["error", { checkLoops: "allExceptWhileTrue" }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/no-unused-vars": ["error", { args: "all", argsIgnorePattern: "^_" }],
    },
  },
  {
    // Programs to be differentiated: they show the language, not our taste.
    files: ["fixtures/**", "examples/**", "test/**/programs/**"],
    rules: {
      "prefer-const": "off",
      "no-constant-condition": "off",
      "no-fallthrough": "off",
      "no-case-declarations": "off",
      "no-useless-assignment": "off",
      "no-var": "off",
      "@typescript-eslint/ban-ts-comment": "off",
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-namespace": "off",
      "@typescript-eslint/unified-signatures": "off",
      "@typescript-eslint/prefer-for-of": "off",
      "@typescript-eslint/no-unused-vars": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    // A test that finds nothing where something must be may fail by itself.
    files: ["test/**"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
);
