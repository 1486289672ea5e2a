import { NodeHttp } from 'dmlet/node';
import { httpUnderFire } from './http-under-fire.js';

httpUnderFire('NodeHttp', () => {
  const http = new NodeHttp();
  return { http, close: () => http.close() };
});
