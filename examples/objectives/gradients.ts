import { gradInto, valueAndGrad } from "tsgrad";
import { reprojection, weightError } from "./ba.js";
import { gmm } from "./gmm.js";
import { llsq } from "./llsq.js";
import { logsumexp } from "./lse.js";
import { lstm } from "./lstm.js";

/** A gradient is that of one number, so this gives one of the two residuals that `reprojection` writes. */
export function residual(
  cam: Float64Array, X: Float64Array, w: number, fx: number, fy: number, component: number,
): number {
  const err = new Float64Array(2);
  reprojection(cam, X, w, fx, fy, err);
  return err[component];
}

export const llsqGradient = valueAndGrad(llsq, { wrt: 0 });
export const llsqInto = gradInto(llsq, { wrt: 0 });

export const logsumexpGradient = valueAndGrad(logsumexp);
export const logsumexpInto = gradInto(logsumexp);

export const gmmGradient = valueAndGrad(gmm, { wrt: [0, 1, 2, 3] });
export const gmmInto = gradInto(gmm, { wrt: [0, 1, 2, 3] });

export const lstmGradient = valueAndGrad(lstm, { wrt: [0, 1] });
export const lstmInto = gradInto(lstm, { wrt: [0, 1] });

export const residualGradient = valueAndGrad(residual, { wrt: [0, 1, 2] });
export const residualInto = gradInto(residual, { wrt: [0, 1, 2] });
export const weightErrorGradient = valueAndGrad(weightError);
