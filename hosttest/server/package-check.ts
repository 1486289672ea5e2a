import type { IncomingHttpHeaders } from 'node:http';
import { readCheckedJson } from './checked-json.js';
import type { ReceivedPackage } from './journal.js';
import { acceptNames, INITIATION, mediaType, REQUEST, RESPONSE } from './media-types.js';
import { INITIATION_SCHEMA, RESPONSE_SCHEMA } from './package-schema.js';
import type { RequestBody } from './request-body.js';
import { compileSchema } from './schema.js';

/** A #3 carries the data of every GET of its package. */
export const MAX_PACKAGE = 4 * 1024 * 1024;

/** Alerts of which each Package#1 has exactly one (PROTOCOL.md §8). */
const SESSION_ALERTS: readonly string[] = [
  'urn:oma:at:dm:2.0:ServerInitiatedMgmt',
  'urn:oma:at:dm:2.0:ClientInitiatedMgmt',
  'urn:oma:at:dm:2.0:BootstrapComplete',
];

/** The members of a package that fits its schema, as far as they are looked at. */
interface PackageBody {
  readonly Status?: { readonly sc: number }[];
  readonly Alert?: { readonly AlertType: string }[];
}

const CHECKS = { 1: compileSchema(INITIATION_SCHEMA), 3: compileSchema(RESPONSE_SCHEMA) };
const TYPES = { 1: INITIATION, 3: RESPONSE };

/** A package as far as it can be judged without the session that it belongs to. */
export interface InspectedPackage extends ReceivedPackage {
  /** The statuses of a Package#3 without violations. */
  readonly statuses: readonly number[];
}

/** Reads a package that was sent with POST, and checks its header and its body. */
export function inspectPackage(path: string, headers: IncomingHttpHeaders, body: RequestBody): InspectedPackage {
  const number = packageNumber(headers, body);
  const violations = headerViolations(number, headers);
  const { value, violation } = readCheckedJson(body.kept, CHECKS[number]);
  const content: PackageBody | undefined = violation === undefined ? (value as PackageBody) : undefined;
  if (body.length > body.kept.length) violations.push(`the body is longer than ${body.kept.length} bytes`);
  else if (violation !== undefined) violations.push(violation);
  if (content) violations.push(...alertViolations(number, content));
  return {
    number,
    path,
    devId: devIdOf(headers),
    headers,
    body: value,
    text: body.kept.toString(),
    violations,
    statuses: content?.Status?.map(({ sc }) => sc) ?? [],
  };
}

function devIdOf(headers: IncomingHttpHeaders): string {
  return String(headers['omadm-devid'] ?? '');
}

/** By the media type; where that is another one, by the member that only a Package#3 has. */
function packageNumber(headers: IncomingHttpHeaders, body: RequestBody): 1 | 3 {
  const type = mediaType(headers['content-type']);
  if (type === INITIATION) return 1;
  return type === RESPONSE || body.kept.includes('"Status"') ? 3 : 1;
}

function headerViolations(number: 1 | 3, headers: IncomingHttpHeaders): string[] {
  const violations: string[] = [];
  const type = headers['content-type'];
  if (type !== TYPES[number]) violations.push(`Content-Type is ${type ?? 'missing'}, expected ${TYPES[number]}`);
  if (!acceptNames(headers.accept, REQUEST)) violations.push(`Accept does not name ${REQUEST}`);
  if (!devIdOf(headers)) violations.push('OMADM-DevID is missing');
  if (headers['content-length'] === undefined) violations.push('Content-Length is missing');
  return violations;
}

function alertViolations(number: 1 | 3, { Alert = [] }: PackageBody): string[] {
  const places = Alert.flatMap(({ AlertType }, index) => (SESSION_ALERTS.includes(AlertType) ? [index] : []));
  if (number === 3) return places.length > 0 ? ['a Package#3 has no session alert'] : [];
  if (places.length !== 1) return [`a Package#1 has exactly one session alert, this one ${places.length}`];
  return places[0] === 0 ? [] : ['the session alert is not the first alert'];
}
