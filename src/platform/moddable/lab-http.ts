import type { HttpClient, HttpExchange, HttpListener, HttpRequest } from '../../hal/http.js';

/** Sends every request to one server, whatever host its URL names: for a laboratory, where that one plays all of them. */
export class LabHttp implements HttpClient {
  private readonly http: HttpClient;
  private readonly origin: string;

  /** @param origin `http://HOST:PORT`, or `https:`. */
  constructor(http: HttpClient, origin: string) {
    this.http = http;
    this.origin = origin;
  }

  request(request: HttpRequest, listener: HttpListener): HttpExchange {
    const { method, headers, bodyLength, newConnection, wanted } = request;
    const url = this.origin + afterOrigin(request.url);
    return this.http.request({ method, url, headers, bodyLength, newConnection, wanted }, listener);
  }
}

/** What follows scheme, host and port. */
function afterOrigin(url: string): string {
  let at = url.indexOf('//') + 2;
  while (at < url.length && '/?#'.indexOf(url[at]) < 0) at += 1;
  return url.slice(at);
}
