import { httpContract } from './http-contract.js';
import { moddableHttp } from './moddable-stack.js';
import { STACKS } from './moddable-tcp.js';
import { secureSocket } from './moddable-tls.js';

for (const [name, tcp] of STACKS) httpContract(`ModdableHttp on ${name}`, (ca) => moddableHttp(tcp, secureSocket(ca)));
