// Inverse kinematics: the joints of a chain that bring its end to a goal.
import { gradInto } from "tsgrad";

class Vec3 {
  constructor(
    readonly x: number,
    readonly y: number,
    readonly z: number,
  ) {}
  static readonly up = new Vec3(0, 0, 1);
  add(o: Vec3): Vec3 {
    return new Vec3(this.x + o.x, this.y + o.y, this.z + o.z);
  }
  scale(k: number): Vec3 {
    return new Vec3(this.x * k, this.y * k, this.z * k);
  }
  dot(o: Vec3): number {
    return this.x * o.x + this.y * o.y + this.z * o.z;
  }
  cross(o: Vec3): Vec3 {
    return new Vec3(this.y * o.z - this.z * o.y, this.z * o.x - this.x * o.z, this.x * o.y - this.y * o.x);
  }
  /** Rodrigues' rotation about a unit axis. */
  rotate(axis: Vec3, angle: number): Vec3 {
    const c = Math.cos(angle);
    return this.scale(c).add(axis.cross(this).scale(Math.sin(angle))).add(axis.scale(axis.dot(this) * (1 - c)));
  }
}

export interface Link {
  readonly length: number;
  readonly axis: "x" | "y" | "z";
  readonly limit: readonly [number, number];
}

const axes = { x: new Vec3(1, 0, 0), y: new Vec3(0, 1, 0), z: new Vec3(0, 0, 1) };

function softLimit(angle: number, [low, high]: readonly [number, number]): number {
  const below = Math.max(0, low - angle);
  const above = Math.max(0, angle - high);
  return below * below + above * above;
}

/** The square of the distance to the goal and what is beyond the joints' limits. */
export function reach(angles: Float64Array, links: readonly Link[], goal: readonly number[]): number {
  let end = new Vec3(0, 0, 0);
  let penalty = 0;
  for (let i = links.length - 1; i >= 0; i--) {
    const link = links[i];
    end = end.add(Vec3.up.scale(link.length)).rotate(axes[link.axis], angles[i]);
    penalty += softLimit(angles[i], link.limit);
  }
  const off = end.add(new Vec3(-goal[0], -goal[1], -goal[2]));
  return off.dot(off) + 10 * penalty;
}

export const reachGradInto = gradInto(reach, { wrt: 0 });

/** Gradient descent with a backtracking step. */
export function solve(links: readonly Link[], goal: readonly number[], angles: Float64Array): number {
  const d = new Float64Array(angles.length);
  let value = reach(angles, links, goal);
  let rate = 0.1;
  for (let turn = 0; turn < 200 && value > 1e-12; turn++) {
    reachGradInto(d, angles, links, goal);
    const next = angles.map((a, i) => a - rate * d[i]);
    const there = reach(next, links, goal);
    if (there < value) {
      angles.set(next);
      value = there;
      rate *= 1.3;
    } else rate /= 2;
  }
  return value;
}
