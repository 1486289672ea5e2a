import type { MakeHttp } from '../support/device-http-stage.js';
import { httpBodyContract } from './http-contract-body.js';
import { httpFailureContract } from './http-contract-failures.js';
import { httpReadingContract } from './http-contract-reading.js';
import { httpRequestContract } from './http-contract-request.js';

/**
 * What every HTTP adapter must do (src/hal/http.ts), whatever it stands on.
 * @param name of the adapter.
 */
export function httpContract(name: string, make: MakeHttp): void {
  httpRequestContract(name, make);
  httpBodyContract(name, make);
  httpReadingContract(name, make);
  httpFailureContract(name, make);
}
