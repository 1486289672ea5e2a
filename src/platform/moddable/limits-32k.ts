import type { Limits } from 'dmlet/core';

/** The module `dmlet/limits` of chips with 32 KB for the script. Tests and benchmarks take the same. */
export const PLATFORM_LIMITS: Partial<Limits> = {
  tree: 2560,
  value: 512,
  names: 80,
  objects: 24,
  record: 256,
  command: 1100,
  reply: 1024,
  readAhead: 560,
  writeWindow: 256,
};
