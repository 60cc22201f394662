import { fixtures } from "../fixtures/fixture.js";
import { haveSameGradients } from "./same-gradient.js";
import { topics } from "./topics.js";

haveSameGradients(fixtures().filter(({ name }) => !topics.has(name.split("/")[0] ?? "")));
