import { NodeHttp } from 'dmlet/node';
import type { HttpUnderTest } from '../support/device-http-stage.js';
import { httpContract } from './http-contract.js';
import { httpTlsContract } from './http-contract-tls.js';

function make(ca?: string): HttpUnderTest {
  const http = new NodeHttp(ca === undefined ? {} : { ca });
  return { http, close: () => http.close() };
}

httpContract('NodeHttp', make);
httpTlsContract('NodeHttp', make);
