import * as assert from 'uvu/assert';
import { play } from './player.js';
import { readTranscript } from './transcript.js';

/** A step with a code block. */
export function step(heading: string, text: string, language = 'json'): string {
  return `### ${heading}\n\n\`\`\`${language}\n${text}\n\`\`\`\n`;
}

export const MMS = 'urn:oma:mo:oma-mms:1.3';

const HEAD = `# Title

What it is about.

Proves: CMD-GET-1

## Given

### Accounts

| SrvID      | SrvURI                | Perm |
| ---------- | --------------------- | ---- |
| dm.example | https://dm.example/dm | ${MMS} |
`;

export const ALERT = '{"Alert":[{"AlertType":"urn:oma:at:dm:2.0:ClientInitiatedMgmt"}]}';
export const OPEN = step('On the device', 'open session', '');
export const PACKAGE1 = step('Package#1 to https://dm.example/dm', ALERT);
export const END = step('Package#2', '{"CMD":[["END"]]}');
export const ENDED = step('On the device', 'hears session ended', '');
/** One object, with a name. */
export const OBJECT = step('Objects', `[{"ClientURI":"${MMS}/m1/","MOData":{"MMS":{"Name":"A"}}}]`);
/** A package that fetches, and ends the session. */
export const HGET = step('Package#2', '{"CMD":[["HGET","https://data.example/mms"],["END"]]}');
export const GET = '### GET https://data.example/mms\n';
export const NOT_FOUND = '### Answer 404\n';

/** A transcript with these steps behind what is given. */
export function course(...steps: string[]): string {
  return courseWith([], steps);
}

/** A transcript. */
export function courseWith(
  given: readonly string[],
  steps: readonly string[],
  outcome: readonly string[] = [],
): string {
  return [HEAD, ...given, '## Course\n', ...steps, '## Outcome\n', ...outcome].join('\n');
}

/** What is wrong with a transcript; '' for nothing. */
export async function failureOf(text: string): Promise<string> {
  try {
    await play(readTranscript(text, 'x.md'));
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A transcript must be right. */
export async function passes(text: string): Promise<void> {
  assert.is(await failureOf(text), '');
}

/** A transcript must be wrong at the last line that holds `mark`, in these words. */
export async function fails(text: string, mark: string, words: string): Promise<void> {
  assert.ok(text.includes(mark), mark);
  const line = text.slice(0, text.lastIndexOf(mark)).split('\n').length;
  assert.is(await failureOf(text), `x.md:${line}: ${words}`);
}
