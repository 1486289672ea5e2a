import type * as fc from 'fast-check';
import { bootstrapBytes, documentBytes } from './cases/documents.js';
import { imageBytes } from './cases/images.js';
import { utf8Bytes } from './cases/json.js';
import { notificationBytes } from './cases/notifications.js';
import { packageBytes } from './cases/packages.js';
import { clientUri } from './cases/texts.js';
import { WRONG } from './device/life.js';
import type { Subject } from './device/subjects.js';
import { HttpTarget } from './http-target.js';
import { trialOnNode } from './node-trial.js';
import { paceOf, type Target, withMutations } from './target.js';

/** Where two things are wrong with a document, its pieces decide which one is met first. */
const UNREADABLE = /\b(BAD_JSON|BAD_UTF8|BAD_MO|CUT_SHORT|TOO_LONG|TOO_DEEP|413|502)\b/g;

/** A result that is on its way when a package goes out goes with it, or with the next one. */
const LATER = /^session EXEC 2 202$/;

function alike(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(UNREADABLE, 'unreadable'));
}

/** In whole segments and in pieces of any size all must come to the same. */
export function checkOnNode(subject: Subject, input: Uint8Array): readonly string[] {
  const whole = trialOnNode(subject, input, 0);
  const wrong = whole.filter((line) => line.startsWith(WRONG));
  if (wrong.length > 0) return wrong;
  const pieces = trialOnNode(subject, input, paceOf(input));
  const [first, second] = [alike(whole), alike(pieces)];
  const place = second.findIndex((line, index) => line !== first[index]);
  if ((place < 0 && pieces.length === whole.length) || whole.some((line) => LATER.test(line))) {
    return pieces.filter((line) => line.startsWith(WRONG));
  }
  return [`${WRONG}in segments: ${whole[place]}`, `${WRONG}in pieces: ${pieces[place]}`];
}

function onNode(name: Subject, cases: fc.Arbitrary<Uint8Array>): Target {
  return { name, cases: withMutations(cases), check: (input) => checkOnNode(name, input) };
}

/** All that is fuzzed. */
export const TARGETS: readonly Target[] = [
  onNode('package', packageBytes),
  onNode('document', documentBytes),
  onNode('bootstrap', bootstrapBytes),
  onNode('notification', notificationBytes),
  onNode('uri', utf8Bytes(clientUri)),
  onNode('flash', imageBytes()),
  new HttpTarget(),
];
