// A small network with layers as objects, trained on a spiral.
import { valueAndGrad } from "tsgrad";

type Activation = (v: number) => number;
const activations = { tanh: Math.tanh, relu: (v: number): number => Math.max(0, v), none: (v: number): number => v };

export interface Layer {
  weights: number[][];
  bias: number[];
  readonly kind: keyof typeof activations;
}

function dense(layer: Layer, input: readonly number[], activation: Activation): number[] {
  return layer.weights.map((row, i) => activation(row.reduce((sum, w, j) => sum + w * input[j], layer.bias[i])));
}

function forward(layers: readonly Layer[], input: readonly number[]): readonly number[] {
  let x = input;
  for (const layer of layers) {
    if (layer.kind === "tanh") x = dense(layer, x, activations.tanh);
    else if (layer.kind === "relu") x = dense(layer, x, activations.relu);
    else x = dense(layer, x, activations.none);
  }
  return x;
}

/** The cross-entropy of softmax, with a penalty on the weights. */
export function loss(layers: Layer[], points: readonly (readonly number[])[], labels: readonly number[], decay: number): number {
  let total = 0;
  points.forEach((point, n) => {
    const scores = forward(layers, point);
    const top = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = scores.reduce((s, v) => s + Math.exp(v - top), 0);
    total += Math.log(sum) + top - scores[labels[n]];
  });
  let penalty = 0;
  for (const { weights } of layers) for (const row of weights) for (const w of row) penalty += w * w;
  return total / points.length + decay * penalty;
}
export const lossGrad = valueAndGrad(loss, { wrt: 0 });
