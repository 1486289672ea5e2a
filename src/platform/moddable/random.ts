import type { Random } from '../../hal/random.js';

/**
 * The engine's `Math.random`, moved by a sequence of the device's own. On ESP8266 and ESP32 the engine takes the chip's source of randomness. On
 * Pico, Zephyr and in simulators it takes the C library's `rand`, which nobody seeds: there all devices draw the same numbers after a start.
 */
export class ModdableRandom implements Random {
  private readonly random: () => number;
  private state: number;

  /**
   * @param random `Math.random`.
   * @param seed what differs between devices: the DevID, a serial number.
   */
  constructor(random: () => number, seed: string) {
    let state = 0x811c9dc5;
    for (let i = 0; i < seed.length; i += 1) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
    this.random = random;
    this.state = state;
  }

  next(): number {
    const random = this.random;
    this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0;
    // The sum of a uniform number and any other one is uniform, modulo 1.
    const sum = random() + (this.state >>> 0) / 4294967296;
    return sum < 1 ? sum : sum - 1;
  }
}
