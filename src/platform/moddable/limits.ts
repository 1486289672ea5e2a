import type { Limits } from 'dmlet/core';

/** The module `dmlet/limits` of platforms with room for the usual bounds. */
export const PLATFORM_LIMITS: Partial<Limits> = {};
