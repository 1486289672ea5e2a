import { suite } from 'uvu';
import { course, courseWith, END, ENDED, fails, GET, HGET, NOT_FOUND, OPEN, PACKAGE1, step } from './runner-samples.js';

// README.md: what is no transcript is refused, with the line.
const test = suite('transcript format');

const RIGHT = course(OPEN, PACKAGE1, END, ENDED);

test('the head', async () => {
  await fails('## Course\n', '##', 'a title is needed first: "# …"');
  await fails(RIGHT.replace('Proves: CMD-GET-1', ''), '# Title', 'one line "Proves: …" is needed');
  await fails(RIGHT.replace('What it is about.', ''), '# Title', 'a paragraph is needed that explains');
  await fails(RIGHT.slice(0, RIGHT.indexOf('## Course')), '# Title', 'the course is missing: "## Course"');
});

test('the parts', async () => {
  await fails(RIGHT.replace('## Outcome', '## Result'), '## Result', 'no place for "Result"');
  await fails(RIGHT.replace('## Outcome', '## Course'), '## Course', 'no place for "Course"');
  await fails(RIGHT.replace('## Given', '### Given'), '### Given', 'no place for "Given"');
});

test('what is given', async () => {
  const given = (...sections: string[]) => courseWith(sections, [OPEN, PACKAGE1, END, ENDED]);
  await fails(given(step('Objekts', '[]')), '### Objekts', 'nothing of this kind can be given: "Objekts"');
  await fails(given('### Objects\n'), '### Objects', 'a code block is needed here');
  await fails(given('### Accounts\n'), '### Accounts\n\n##', 'a table is needed here');
  await fails(given(step('Options', 'colour=red', '')), 'colour', 'no such option: colour');
  await fails(given(step('Limits', 'reply 60', '')), 'reply 60', '"name=value" is needed here: "reply 60"');
  await fails(given(step('GET https://x.example gets cake', '')), '### GET', 'no such answer: "cake"');
});

test('the steps', async () => {
  await fails(course(OPEN, '### Package#4\n'), '### Package#4', 'no such step: "Package#4"');
  await fails(course(step('On the device', 'open door', '')), 'open door', 'nothing that a device does: "open door"');
  await fails(
    course(OPEN, `${PACKAGE1}\n- Accept\n`, END),
    '- Accept',
    'no header: "Accept"; it is "Name: value" or "no Name"',
  );
  await fails(course(OPEN, PACKAGE1, '### Package#2\n'), '### Package#2', 'a code block is needed here');
  await fails(course(OPEN, `${PACKAGE1}\n\`\`\`\nx\n\`\`\`\n`), 'x\n```', 'only one code block has a place here');
  await fails(
    course(OPEN, PACKAGE1, step('Package#2', '{"CMD":[}')),
    '{"CMD":[}',
    `not JSON: ${messageOf(() => JSON.parse('{"CMD":[}'))}`,
  );
});

test('the pairs of request and answer', async () => {
  await fails(course(OPEN, END), '### Package#2', 'there is no request that this could answer');
  await fails(course(OPEN, PACKAGE1, ENDED), '### Package#1', 'this request has no answer');
  await fails(course(OPEN, PACKAGE1, HGET, GET, PACKAGE1, END), '### GET', 'this request has no answer');
  await fails(course(OPEN, PACKAGE1, '### No connection\n'), '{"Alert', 'a request without connection has no body');
  await fails(
    courseWith(['### GET https://data.example/mms gets Answer 404\n'], [OPEN, PACKAGE1, HGET, GET, NOT_FOUND]),
    NOT_FOUND,
    'there is no request that this could answer',
  );
});

test('the outcome', async () => {
  await fails(
    courseWith([], [OPEN, PACKAGE1, END, ENDED], [step('Weather', '', '')]),
    '### Weather',
    'nothing of this kind can be looked at: "Weather"',
  );
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test.run();
