import { levenbergMarquardt } from "ml-levenberg-marquardt";
import { jacobian } from "tsgrad";

/** How much is adsorbed at a pressure: the parameters to fit come first, in one array. */
function volume(b: number[], pressure: number): number {
  const [most, rate] = b;
  return most * (1 - Math.exp(-rate * pressure));
}
const partials = jacobian(volume, { wrt: 0 });

const data = { x: [77.6, 141.1, 239.9, 378.4, 477.3, 593.1, 760], y: [10.07, 17.94, 29.61, 44.82, 55.05, 66.4, 81.78] };
const { parameterValues, iterations } = levenbergMarquardt(data, (b) => (x) => volume(b, x), {
  initialValues: [250, 0.0005],
  jacobianFunction: (b) => (x) => partials(b, x),
  errorTolerance: 0,
  maxIterations: 10,
});
console.log(parameterValues.map((v) => v.toPrecision(6)), iterations);
