import type { IncomingHttpHeaders } from 'node:http';
import { judgeAlerts, type ReceivedAlert } from './alert-check.js';
import { readCheckedJson } from './checked-json.js';
import type { ReceivedPackage } from './journal.js';
import { acceptNames, INITIATION, mediaType, REQUEST, RESPONSE } from './media-types.js';
import { judgeMoData } from './mo-check.js';
import { INITIATION_SCHEMA, RESPONSE_SCHEMA } from './package-schema.js';
import type { RequestBody } from './request-body.js';
import { checkOf } from './schema.js';
import type { ReceivedStatus } from './status-check.js';

/** A #3 carries the data of every GET of its package. */
export const MAX_PACKAGE = 4 * 1024 * 1024;

/** The members of a package that fits its schema, as far as they are looked at. */
interface PackageBody {
  readonly Status?: readonly ReceivedStatus[];
  readonly Alert?: readonly ReceivedAlert[];
  readonly MOS?: readonly unknown[];
}

const CHECKS = { 1: checkOf(INITIATION_SCHEMA), 3: checkOf(RESPONSE_SCHEMA) };
const TYPES = { 1: INITIATION, 3: RESPONSE };

/** A package as far as it can be judged without the session that it belongs to. */
export interface InspectedPackage extends ReceivedPackage {
  /** The statuses of a Package#3 without violations. */
  readonly statuses: readonly ReceivedStatus[];
  /** The alerts of a package without violations. */
  readonly alerts: readonly ReceivedAlert[];
  readonly hasMos: boolean;
}

/** Reads a package that was sent with POST, and checks its header and its body. */
export function inspectPackage(path: string, headers: IncomingHttpHeaders, body: RequestBody): InspectedPackage {
  const number = packageNumber(headers, body);
  const violations = headerViolations(number, headers);
  const { value, violation } = readCheckedJson(body.kept, CHECKS[number]);
  const content: PackageBody | undefined = violation === undefined ? (value as PackageBody) : undefined;
  if (body.length > body.kept.length) violations.push(`the body is longer than ${body.kept.length} bytes`);
  else if (violation !== undefined) violations.push(violation);
  if (content) violations.push(...dataViolations(content), ...judgeAlerts(number, content.Alert ?? []));
  return {
    number,
    path,
    devId: devIdOf(headers),
    headers,
    body: value,
    text: body.kept.toString(),
    violations,
    statuses: content?.Status ?? [],
    alerts: content?.Alert ?? [],
    hasMos: content?.MOS !== undefined,
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

function dataViolations({ Status = [] }: PackageBody): string[] {
  return Status.flatMap(({ Data = [] }, index) => {
    const wrong = judgeMoData(Data);
    return wrong === undefined ? [] : [`/Status/${index}/Data${wrong}`];
  });
}
