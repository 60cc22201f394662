// A PID controller tuned through a plant that is simulated.
import { valueAndGrad } from "tsgrad";

export interface Gains {
  p: number;
  i: number;
  d: number;
}

class Pid {
  private integral = 0;
  private last: number | undefined;

  constructor(
    private readonly gains: Gains,
    private readonly limit: number,
  ) {}

  output(error: number, h: number): number {
    const slope = this.last === undefined ? 0 : (error - this.last) / h;
    this.last = error;
    const free = this.gains.p * error + this.gains.i * (this.integral + error * h) + this.gains.d * slope;
    // The integral stands still while the output is at its limit.
    if (Math.abs(free) < this.limit) this.integral += error * h;
    return Math.min(this.limit, Math.max(-this.limit, free));
  }
}

class Plant {
  temperature = 20;
  private heater = 0;

  constructor(private readonly ambient: number) {}

  step(power: number, h: number): void {
    this.heater += (h * (power - this.heater)) / 5;
    this.temperature += h * (0.8 * this.heater - 0.05 * (this.temperature - this.ambient));
  }
}

/** The squared error over time, with a price on moving the heater. */
export function cost(gains: Gains, goals: readonly number[], h: number): number {
  const pid = new Pid(gains, 10);
  const plant = new Plant(15);
  let sum = 0;
  let before = 0;
  for (const goal of goals) {
    const power = pid.output(goal - plant.temperature, h);
    plant.step(power, h);
    sum += h * ((goal - plant.temperature) ** 2 + 0.01 * (power - before) ** 2);
    before = power;
  }
  return sum;
}
export const costGrad = valueAndGrad(cost, { wrt: 0 });
