import { NodeHttp } from 'dmlet/node';
import { httpUnderFireAll } from './http-under-fire-all.js';

httpUnderFireAll('NodeHttp', () => {
  const http = new NodeHttp();
  return { http, close: () => http.close() };
});
