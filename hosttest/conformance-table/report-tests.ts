import { register } from 'node:module';

// With `node --import` this file makes the tests of a process tell what each came to: uvu itself tells it of those that fail only.
register('./uvu-hook.js', import.meta.url);
