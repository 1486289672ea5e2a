import type { Limits } from 'dmlet';

/** The bounds of a client in a machine of 32 KB. Tests and benchmarks take them from here. */
export const DEVICE_LIMITS: Partial<Limits> = {
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
