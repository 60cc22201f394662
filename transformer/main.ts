import { join } from "node:path";
import { load } from "./hosts/loader.js";
import type { Plugin } from "./hosts/plugin.js";

/** What ts-patch loads: the compiler beside it, by its kept code. */
export default load(join(__dirname, "compiler.cjs")) as Plugin;
