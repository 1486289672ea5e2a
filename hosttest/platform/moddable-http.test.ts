import { httpContract } from './http-contract.js';
import { moddableHttp } from './moddable-stack.js';
import { STACKS } from './moddable-tcp.js';

for (const [name, tcp] of STACKS) httpContract(`ModdableHttp on ${name}`, () => moddableHttp(tcp));
