import type { ResolveHook } from 'node:module';

const REPORTED = new URL('./reported-uvu.js', import.meta.url).href;

/** Gives every module `reported-uvu` in the place of uvu, which only that one gets. */
export const resolve: ResolveHook = (specifier, context, next) =>
  specifier === 'uvu' && context.parentURL !== REPORTED
    ? { url: REPORTED, shortCircuit: true }
    : next(specifier, context);
