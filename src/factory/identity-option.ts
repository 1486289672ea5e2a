import { UsageError } from './usage-error.js';

const NAMES = [
  ...['MCC', 'MNC', 'CMCC', 'CMNC', 'IMSI', 'ICCID', 'Bearer', 'Roaming'],
  ...['DevID', 'Man', 'Mod', 'Lang', 'DevType', 'OEM', 'FwV', 'SwV', 'HwV'],
];

/**
 * Parses `NAME=VALUE,NAME=VALUE`.
 * @param before what the same option said before; of two values for one name the later counts.
 * @throws UsageError
 */
export function parseIdentity(text: string, before?: Record<string, string>): Record<string, string> {
  const identity = { ...before };
  for (const part of text.split(',').filter((piece) => piece !== '')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim();
    if (!NAMES.includes(name)) {
      throw new UsageError(`--identity: '${part}' is not NAME=VALUE with a name of ${NAMES.join(', ')}`);
    }
    identity[name] = part.slice(equals + 1).trim();
  }
  return identity;
}
