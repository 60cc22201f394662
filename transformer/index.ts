import { compile } from "./compile.js";
import { createPlugin, type Plugin } from "./hosts/plugin.js";

/**
 * The plugin for ts-patch: `{ "transform": "tsgrad/transformer" }` in `tsconfig.json`, and the same once more with
 * `"transformProgram": true` for incremental builds.
 */
const plugin: Plugin = createPlugin(compile);
export default plugin;
