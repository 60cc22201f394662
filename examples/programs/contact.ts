// Discs on springs in a box: which stiffness and which start bring the heavy disc to a wanted place?
import { grad } from "tsgrad";

class Vec2 {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
  add(o: Vec2): Vec2 {
    return new Vec2(this.x + o.x, this.y + o.y);
  }
  sub(o: Vec2): Vec2 {
    return new Vec2(this.x - o.x, this.y - o.y);
  }
  scale(k: number): Vec2 {
    return new Vec2(this.x * k, this.y * k);
  }
  dot(o: Vec2): number {
    return this.x * o.x + this.y * o.y;
  }
  get length(): number {
    return Math.hypot(this.x, this.y);
  }
}

class Disc {
  velocity = new Vec2(0, 0);
  private force = new Vec2(0, 0);

  constructor(
    public position: Vec2,
    readonly radius: number,
    readonly mass: number,
  ) {}

  apply(force: Vec2): void {
    this.force = this.force.add(force);
  }

  step(h: number): void {
    this.velocity = this.velocity.add(this.force.scale(h / this.mass));
    this.position = this.position.add(this.velocity.scale(h));
    this.force = new Vec2(0, 0);
  }

  get energy(): number {
    return 0.5 * this.mass * this.velocity.dot(this.velocity);
  }
}

class Spring {
  constructor(
    readonly from: Disc,
    readonly to: Disc,
    readonly rest: number,
    readonly stiffness: number,
    readonly damping = 0.1,
  ) {}

  pull(): void {
    const d = this.to.position.sub(this.from.position);
    const stretch = d.length - this.rest;
    const along = d.scale(1 / d.length);
    const speed = this.to.velocity.sub(this.from.velocity).dot(along);
    const f = along.scale(this.stiffness * stretch + this.damping * speed);
    this.from.apply(f);
    this.to.apply(f.scale(-1));
  }
}

const gravity = new Vec2(0, -9.81);

/** Penalty forces of the floor and of discs that touch. */
function contacts(discs: readonly Disc[], stiffness: number): void {
  for (let i = 0; i < discs.length; i++) {
    const a = discs[i];
    a.apply(gravity.scale(a.mass));
    const depth = a.radius - a.position.y;
    if (depth > 0) a.apply(new Vec2(-0.2 * a.velocity.x, stiffness * depth - 2 * a.velocity.y));
    for (let j = 0; j < i; j++) {
      const b = discs[j];
      const between = a.position.sub(b.position);
      const overlap = a.radius + b.radius - between.length;
      if (overlap <= 0) continue;
      const push = between.scale((stiffness * overlap) / between.length);
      a.apply(push);
      b.apply(push.scale(-1));
    }
  }
}

export interface Setup {
  stiffness: number;
  rest: number;
  start: { x: number; y: number }[];
}

/** How far the last disc ends from its target, with a little for the energy that is left. */
export function miss(setup: Setup, target: readonly [number, number], steps: number): number {
  const discs = setup.start.map(({ x, y }, i) => new Disc(new Vec2(x, y), 0.2 + 0.05 * i, 1 + i));
  const springs: Spring[] = [];
  for (let i = 1; i < discs.length; i++) springs.push(new Spring(discs[i - 1], discs[i], setup.rest, setup.stiffness));
  for (let t = 0; t < steps; t++) {
    for (const spring of springs) spring.pull();
    contacts(discs, 400);
    for (const disc of discs) disc.step(0.01);
  }
  const last = discs[discs.length - 1];
  const off = last.position.sub(new Vec2(target[0], target[1]));
  let energy = 0;
  for (const disc of discs) energy += disc.energy;
  return off.dot(off) + 1e-3 * energy;
}

export const missGrad = grad(miss, { wrt: 0 });
