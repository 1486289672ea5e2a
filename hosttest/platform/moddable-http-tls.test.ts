import { httpTlsContract } from './http-contract-tls.js';
import { moddableHttp } from './moddable-stack.js';
import { STACKS } from './moddable-tcp.js';
import { secureSocket } from './moddable-tls.js';

for (const [name, tcp] of STACKS)
  httpTlsContract(`ModdableHttp on ${name}`, (ca) => moddableHttp(tcp, secureSocket(ca)));
