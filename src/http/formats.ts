import { mediaType, READ_MO_TYPES, TYPE_MO } from './media-type.js';
import { originOf } from './url.js';

/** Servers whose `OMADM-Accept` is remembered; the oldest is forgotten first. */
const MOST = 4;

/** In which format each server takes MO documents, as its last `OMADM-Accept` said (PROTOCOL.md §12). */
export class Formats {
  /** Origin and media type of each server. */
  private known: (readonly [string, string])[];

  constructor() {
    this.known = [];
  }

  /** Takes what a server said; nothing where the header is ''. */
  remember(url: string, header: string): void {
    if (header === '') return;
    const origin = originOf(url);
    this.known = this.known.filter((entry) => entry[0] !== origin);
    this.known.push([origin, chooseType(header)]);
    if (this.known.length > MOST) this.known.shift();
  }

  /** The media type for a document to `url`; '' where its server takes none that this client writes. */
  typeFor(url: string): string {
    const origin = originOf(url);
    for (let i = 0; i < this.known.length; i += 1) if (this.known[i][0] === origin) return this.known[i][1];
    return TYPE_MO;
  }
}

/** Of the types of MO documents the one that an `Accept` header prefers, '' where it names none: the same bytes go by each of these names. */
function chooseType(accept: string): string {
  const ranges = accept.split(',');
  let best = '';
  let most = 0;
  for (let i = 0; i < READ_MO_TYPES.length; i += 1) {
    // RFC 9110 §12.5.1: the most specific range that a type falls in says its quality.
    const forms = ['*/*', 'application/*', READ_MO_TYPES[i]];
    let quality = 0;
    let precision = -1;
    for (let k = 0; k < ranges.length; k += 1) {
      const fits = forms.indexOf(mediaType(ranges[k]));
      if (fits > precision) {
        precision = fits;
        quality = weight(ranges[k]);
      }
    }
    if (quality > most) {
      most = quality;
      best = READ_MO_TYPES[i];
    }
  }
  return best;
}

function weight(range: string): number {
  const parameters = range.toLowerCase().split(';');
  for (let i = 1; i < parameters.length; i += 1) {
    const pair = parameters[i].split('=');
    if (pair[0].trim() === 'q') return Number(pair[1]) || 0;
  }
  return 1;
}
