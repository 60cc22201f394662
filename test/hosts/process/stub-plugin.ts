import { createPlugin } from "../../../transformer/hosts/plugin.js";
import { stubCompile } from "../stub.js";

export default createPlugin(stubCompile);
