/** As much of `URL` as tests use: absolute ones, and paths that begin with `/`. */
export class XsUrl {
  readonly href: string;
  readonly origin: string;
  readonly pathname: string;

  constructor(url: string, base = '') {
    const whole = url.startsWith('/') ? new XsUrl(base).origin + url : url;
    const authority = whole.indexOf('://') + 3;
    if (authority < 3) throw new TypeError(`no URL: ${url}`);
    const slash = whole.indexOf('/', authority);
    const path = slash < 0 ? '/' : whole.slice(slash);
    this.origin = slash < 0 ? whole : whole.slice(0, slash);
    this.href = this.origin + path;
    this.pathname = path.split('?')[0];
  }

  static canParse(url: string, base = ''): boolean {
    return url.startsWith('/') ? base !== '' : url.includes('://');
  }
}
