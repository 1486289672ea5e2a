import { NodeHttp } from 'dmlet/node';
import type { HttpUnderTest } from '../support/device-http-stage.js';
import { httpContract } from './http-contract.js';

httpContract('NodeHttp', (ca): HttpUnderTest => {
  const http = new NodeHttp(ca === undefined ? {} : { ca });
  return { http, close: () => http.close() };
});
