import { httpUnderFire } from './http-under-fire.js';
import { httpUnderFireAll } from './http-under-fire-all.js';
import { moddableHttp } from './moddable-stack.js';
import { STACKS } from './moddable-tcp.js';

for (const [name, tcp] of STACKS) {
  httpUnderFire(`ModdableHttp on ${name}`, () => moddableHttp(tcp));
  httpUnderFireAll(`ModdableHttp on ${name}`, () => moddableHttp(tcp));
}
