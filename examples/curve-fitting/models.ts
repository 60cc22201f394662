// The models as NIST gives them, each with its parameters in one array.

export function misra1a([b1, b2]: number[], x: number): number {
  return b1 * (1 - Math.exp(-b2 * x));
}

export function thurber([b1, b2, b3, b4, b5, b6, b7]: number[], x: number): number {
  return (b1 + b2 * x + b3 * x ** 2 + b4 * x ** 3) / (1 + b5 * x + b6 * x ** 2 + b7 * x ** 3);
}

export function mgh09([b1, b2, b3, b4]: number[], x: number): number {
  return (b1 * (x ** 2 + x * b2)) / (x ** 2 + x * b3 + b4);
}

export function hahn1([b1, b2, b3, b4, b5, b6, b7]: number[], x: number): number {
  return (b1 + b2 * x + b3 * x ** 2 + b4 * x ** 3) / (1 + b5 * x + b6 * x ** 2 + b7 * x ** 3);
}

export function eckerle4([b1, b2, b3]: number[], x: number): number {
  return (b1 / b2) * Math.exp(-0.5 * ((x - b3) / b2) ** 2);
}
