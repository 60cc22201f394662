/** Random numbers from 0 to 1, the same for the same seed: a multiplicative congruence modulo the prime 2^31 − 1 (Lehmer 1951). */
export function randomNumbers(seed: number): () => number {
  const modulus = 2 ** 31 - 1;
  // Neighbouring seeds would start with neighbouring numbers.
  let state = ((Math.floor(Math.abs(seed)) % (modulus - 1)) + 1) % modulus;
  const next = (): number => {
    state = (state * 48271) % modulus;
    return state / modulus;
  };
  for (let i = 0; i < 10; i++) next();
  return next;
}

/** `count` of the positions from 0 to `size`, in order. */
export function sample(size: number, count: number, random: () => number): number[] {
  if (count >= size) return Array.from({ length: size }, (_, i) => i);
  const chosen: number[] = [];
  // Each position is taken with the chance that fills the sample exactly (Fan, Muller and Rezucha 1962).
  for (let i = 0; i < size && chosen.length < count; i++) {
    if (random() * (size - i) < count - chosen.length) chosen.push(i);
  }
  return chosen;
}
