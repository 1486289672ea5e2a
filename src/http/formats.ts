import { mediaType, READ_MO_TYPES, TYPE_MO } from './media-type.js';
import { originOf } from './url.js';

/** Servers whose `OMADM-Accept` is remembered; the oldest is forgotten first. */
const MOST = 4;

interface Known {
  readonly origin: string;
  readonly type: string;
}

/** In which format each server takes MO documents, as its last `OMADM-Accept` said (PROTOCOL.md §12). */
export class Formats {
  private known: Known[];

  constructor() {
    this.known = [];
  }

  /** Takes what a server said; nothing where the header is ''. */
  remember(url: string, header: string): void {
    if (header === '') return;
    const origin = originOf(url);
    this.known = this.known.filter((entry) => entry.origin !== origin);
    this.known.push({ origin, type: chooseType(header) });
    if (this.known.length > MOST) this.known.shift();
  }

  /** The media type for a document to `url`; '' where its server takes none that this client writes. */
  typeFor(url: string): string {
    const origin = originOf(url);
    for (let i = 0; i < this.known.length; i += 1) if (this.known[i].origin === origin) return this.known[i].type;
    return TYPE_MO;
  }
}

/** Of the types of MO documents the one that an `Accept` header prefers, '' where it names none: the same bytes go by each of these names. */
function chooseType(accept: string): string {
  const ranges = accept.split(',');
  let best = '';
  let most = 0;
  for (let i = 0; i < READ_MO_TYPES.length; i += 1) {
    const quality = qualityOf(READ_MO_TYPES[i], ranges);
    if (quality > most) {
      most = quality;
      best = READ_MO_TYPES[i];
    }
  }
  return best;
}

/** RFC 9110 §12.5.1: the most specific range that a type falls in says its quality. */
function qualityOf(type: string, ranges: readonly string[]): number {
  let quality = 0;
  let precision = 0;
  for (let i = 0; i < ranges.length; i += 1) {
    const range = mediaType(ranges[i]);
    const fits = range === type ? 3 : range === 'application/*' ? 2 : range === '*/*' ? 1 : 0;
    if (fits > precision) {
      precision = fits;
      quality = weight(ranges[i]);
    }
  }
  return quality;
}

function weight(range: string): number {
  const parameters = range.toLowerCase().split(';');
  for (let i = 1; i < parameters.length; i += 1) {
    const pair = parameters[i].split('=');
    if (pair[0].trim() === 'q') return Number(pair[1]) || 0;
  }
  return 1;
}
