// A ray that hits a sphere, and what light comes back: a picture that can be fitted.
import { grad } from "tsgrad";

type Vec = readonly [number, number, number];
const add = (a: Vec, b: Vec): Vec => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const sub = (a: Vec, b: Vec): Vec => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const scale = (a: Vec, k: number): Vec => [a[0] * k, a[1] * k, a[2] * k];
const dot = (a: Vec, b: Vec): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const unit = (a: Vec): Vec => scale(a, 1 / Math.sqrt(dot(a, a)));

export interface Scene {
  readonly centre: Vec;
  readonly radius: number;
  readonly light: Vec;
  readonly colour: { readonly r: number; readonly g: number; readonly b: number };
  readonly shine?: number;
}

/** Where along the ray it enters the sphere; nothing where it misses. */
function hit(origin: Vec, direction: Vec, { centre, radius }: Scene): number | undefined {
  const o = sub(origin, centre);
  const b = dot(o, direction);
  const d = b * b - dot(o, o) + radius * radius;
  if (d < 0) return undefined;
  const t = -b - Math.sqrt(d);
  return t > 0 ? t : undefined;
}

function shade(origin: Vec, direction: Vec, scene: Scene): Vec {
  const t = hit(origin, direction, scene);
  if (t === undefined) {
    const sky = 0.5 * (direction[1] + 1);
    return [1 - 0.5 * sky, 1 - 0.3 * sky, 1];
  }
  const point = add(origin, scale(direction, t));
  const normal = unit(sub(point, scene.centre));
  const towards = unit(sub(scene.light, point));
  const diffuse = Math.max(0, dot(normal, towards));
  const mirrored = sub(scale(normal, 2 * dot(normal, towards)), towards);
  const specular = Math.max(0, -dot(mirrored, direction)) ** 16 * (scene.shine ?? 0.5);
  const { r, g, b } = scene.colour;
  return add(scale([r, g, b], 0.1 + 0.9 * diffuse), [specular, specular, specular]);
}

/** The squared error of a picture of n by n points. */
export function pictureError(scene: Scene, wanted: readonly Vec[], n: number): number {
  const eye: Vec = [0, 0, 3];
  let sum = 0;
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      const direction = unit([(2 * column + 1) / n - 1, 1 - (2 * row + 1) / n, -2]);
      const off = sub(shade(eye, direction, scene), wanted[row * n + column]);
      sum += dot(off, off);
    }
  }
  return sum / (n * n);
}
export const pictureGrad = grad(pictureError, { wrt: 0 });
