import { suite } from 'uvu';
import {
  ALERT,
  course,
  courseWith,
  END,
  ENDED,
  fails,
  GET,
  HGET,
  MMS,
  NOT_FOUND,
  OBJECT,
  OPEN,
  PACKAGE1,
  passes,
  step,
} from './runner-samples.js';

// README.md: a device that does something else than a transcript says makes it fail, with the line and what came.
const test = suite('transcript runner');

const GET_NAME = step('Package#2', `{"CMD":[["GET","${MMS}//Name"]]}`);
const NAME = `[{"MOData":{"Name":"A"},"ClientURI":"${MMS}/m1/Name"}]`;
const PACKAGE3 = step('Package#3 to https://dm.example/dm', `{"Status":[{"Data":${NAME},"sc":200}]}`);

test('a right transcript passes, whatever the order of members', () =>
  passes(courseWith([OBJECT], [OPEN, PACKAGE1, GET_NAME, PACKAGE3, END, ENDED])));

test('a wrong value in a body', () =>
  fails(
    course(OPEN, PACKAGE1.replace('ClientInitiatedMgmt', 'X'), END, ENDED),
    '{"Alert"',
    'the body of POST https://dm.example/dm differs at /Alert/0/AlertType: ' +
      'expected "urn:oma:at:dm:2.0:X", actual "urn:oma:at:dm:2.0:ClientInitiatedMgmt"\n' +
      `expected: {"Alert":[{"AlertType":"urn:oma:at:dm:2.0:X"}]}\nactual: ${ALERT}`,
  ));

test('the order of elements is of importance; one more, one less', async () => {
  const actual = `{"Status":[{"sc":200,"Data":[{"ClientURI":"${MMS}/m1/Name","MOData":{"Name":"A"}}]}]}`;
  const differs = (expected: string, difference: string) =>
    fails(
      courseWith(
        [OBJECT],
        [OPEN, PACKAGE1, GET_NAME, step('Package#3 to https://dm.example/dm', expected), END, ENDED],
      ),
      '{"Status',
      `the body of POST https://dm.example/dm differs ${difference}\nexpected: ${expected}\nactual: ${actual}`,
    );
  const status = `{"sc":200,"Data":${NAME}}`;
  await differs(`{"Status":[{"sc":404},${status}]}`, 'at /Status/0/sc: expected 404, actual 200');
  await differs(`{"Status":[${status},{"sc":404}]}`, 'at /Status/1: expected {"sc":404}, actual nothing');
  await differs(
    '{"Status":[{"sc":200}]}',
    `at /Status/0/Data: expected nothing, actual [{"ClientURI":"${MMS}/m1/Name","MOData":{"Name":"A"}}]`,
  );
  await differs(`{"Status":{"0":${status}}}`, `at /Status: expected {"0":${status}}, actual ${actual.slice(10, -1)}`);
});

test('a request that does not come', () =>
  fails(
    course(OPEN, PACKAGE1, END, ENDED, GET, NOT_FOUND),
    '### GET',
    'expected GET https://data.example/mms\nactual: nothing',
  ));

test('a request that is not named, to a host of the transcript and to another', async () => {
  await fails(
    course(OPEN, PACKAGE1, HGET, ENDED),
    'hears session',
    'expected to hear: session ended\nactual: GET https://data.example/mms ',
  );
  await fails(
    courseWith([step('Identity', 'MCC=262', '')], [OPEN, PACKAGE1, HGET.replace('data', 'x[MCC]'), ENDED]),
    'hears session',
    'expected to hear: session ended\nactual: GET https://x262.example/mms without connection',
  );
});

test('another URL, another method, a body too many', async () => {
  await fails(
    course(OPEN, PACKAGE1.replace('/dm\n', '/other\n'), END, ENDED),
    '### Package#1',
    `expected POST https://dm.example/other\nactual: POST https://dm.example/dm ${ALERT}`,
  );
  await fails(
    course(OPEN, PACKAGE1, HGET, GET.replace('GET', 'PUT'), NOT_FOUND, ENDED),
    '### PUT',
    'expected PUT https://data.example/mms\nactual: GET https://data.example/mms ',
  );
  await fails(
    course(OPEN, '### Package#1 to https://dm.example/dm\n', END, ENDED),
    '### Package#1',
    `expected POST https://dm.example/dm without a body\nactual: ${ALERT}`,
  );
  await fails(
    course(OPEN, PACKAGE1, HGET, step('GET https://data.example/mms', '{}'), NOT_FOUND, ENDED),
    '{}',
    'the body of GET https://data.example/mms is not JSON\nactual: ',
  );
});

test('headers: a wrong one, one that is missing, one that must not be there', async () => {
  const withHeader = (header: string) => course(OPEN, PACKAGE1, HGET, GET, `- ${header}\n`, NOT_FOUND, ENDED);
  const accept = 'application/vnd.oma.dm.mo+json, application/dmmo+json;q=0.9, application/json;q=0.8';
  await passes(withHeader('no If-None-Match'));
  await passes(withHeader(`Accept: ${accept}`));
  await fails(withHeader('no Accept'), '- no', `header accept: expected none\nactual: ${accept}`);
  await fails(withHeader('Accept: a/b'), '- Acc', `header accept: expected a/b\nactual: ${accept}`);
  await fails(withHeader('Authorization: x'), '- Auth', 'header authorization: expected x\nactual: none');
  await fails(
    course(OPEN, PACKAGE1.replace('/dm\n', '/dm\n\n- OMADM-DevID: x\n'), END, ENDED),
    '- OMADM',
    'header omadm-devid: expected x\nactual: IMEI:490154203237518',
  );
});

test('a header that no list item names', async () => {
  const document = `[{"ClientURI":"${MMS}//","MOData":{"MMS":{"Name":"B"}}}]`;
  const given = [
    step('Commands', `DEFAULT https://data.example/mms ${MMS}`, ''),
    step('GET https://data.example/mms gets Answer 200', document).replace('200\n', '200\n\n- ETag: "1"\n'),
  ];
  const fetched = [
    step('On the device', `request ${MMS}`, ''),
    GET,
    step('On the device', `hears ${MMS} is at ${MMS}/m1/`, ''),
  ];
  await passes(courseWith(given, fetched));
  const again = [fetched[0], GET.replace('\n', '\n\nAgain.'), fetched[2]];
  await fails(
    courseWith(given, [...fetched, ...again]),
    GET.replace('\n', '\n\nAgain'),
    'header if-none-match: expected none\nactual: "1"',
  );
});

test('what an application hears: something else, nothing, more than is named', async () => {
  const session = [OPEN, PACKAGE1, END];
  await fails(
    course(...session, step('On the device', 'hears session failed: TIMEOUT', '')),
    'hears',
    'expected to hear: session failed: TIMEOUT\nactual: heard: session ended',
  );
  await fails(
    course(...session, ENDED, step('On the device', 'hears shows https://x.example', '')),
    'hears shows',
    'expected to hear: shows https://x.example\nactual: nothing',
  );
  await fails(course(...session), '### Package#2', 'not expected, and came at the end:\nheard: session ended');
});

test('what happens on the device: a failure, none, another value', async () => {
  const line = (text: string) => courseWith([OBJECT], [step('On the device', text, '')]);
  await passes(line(`read ${MMS}//Name gives "A"`));
  await passes(line(`read ${MMS}//Nothing, fails: NOT_FOUND`));
  await fails(line(`read ${MMS}//Nothing`), 'read', 'expected success, actual NOT_FOUND');
  await fails(line(`read ${MMS}//Name, fails: NOT_FOUND`), 'read', 'expected NOT_FOUND, actual success');
  await fails(line(`read ${MMS}//Name gives "B"`), 'read', 'expected "B", actual "A"');
});

test('what comes before its time, and after the end', async () => {
  const failing = (...rest: string[]) =>
    courseWith(
      [step('Commands', 'HGET https://data.example/mms', '')],
      [
        step('On the device', 'start', ''),
        GET,
        '### No connection\n',
        PACKAGE1.replace(ALERT, '{{ALERT}}'),
        END,
        ...rest,
      ],
    ).replace(
      '{{ALERT}}',
      `{"MOS":[{"MOID":"${MMS}","MIID":[]}],${ALERT.slice(1).replace('ClientInitiatedMgmt', 'BootstrapComplete')}`,
    );
  const advance = (time: string) => step('On the device', `advance ${time}`, '');
  await passes(failing(advance('14999 ms'), advance('1 ms'), GET, NOT_FOUND));
  await fails(
    failing(advance('15001 ms'), GET, NOT_FOUND),
    'advance',
    'not expected, and came before its time:\nGET https://data.example/mms ',
  );
  await fails(
    failing(advance('1 s')),
    'advance',
    'not expected, and came within a day after the end:\nGET https://data.example/mms ',
  );
  await passes(failing(step('On the device', 'switch off', '')));
});

test('the outcome: another instance, one more, one less, another DEFAULT', async () => {
  const after = (...outcome: string[]) =>
    courseWith(
      [OBJECT, step('Commands', `DEFAULT https://x.example/ ${MMS}`, '')],
      [OPEN, PACKAGE1, END, ENDED],
      outcome,
    );
  const tree = (text: string) => after(step('Tree', text, ''));
  await passes(tree(`${MMS}/m1 MMS{\n  Name chr"A"\n}`));
  await passes(
    tree(
      `urn:oma:mo:oma-dm-devinfo:1.2/m1 DevInfo{DevID chr"IMEI:490154203237518",DmV chr"2.0"}\n${MMS}/m1 MMS{Name chr"A"}`,
    ),
  );
  await fails(
    tree(`${MMS}/m1 MMS{\n  Name chr"B"\n}`),
    `${MMS}/m1 MMS`,
    `the instance in the end\nexpected: ${MMS}/m1 MMS{Name chr"B"}\nactual: ${MMS}/m1 MMS{Name chr"A"}`,
  );
  await fails(tree(''), '### Tree', `one instance more in the end\nactual: ${MMS}/m1 MMS{Name chr"A"}`);
  await passes(after(step('Defaults', `DEFAULT https://x.example/ ${MMS} (factory)`, '')));
  await fails(
    after(step('Defaults', `DEFAULT https://x.example/ ${MMS} (dm.example)`, '')),
    `DEFAULT https://x.example/ ${MMS} (`,
    `the DEFAULT in the end\nexpected: DEFAULT https://x.example/ ${MMS} (dm.example)\nactual: DEFAULT https://x.example/ ${MMS} (factory)`,
  );
});

test('a text that the device chose is known from then on', async () => {
  const twice = (name: string) =>
    courseWith(
      [OBJECT],
      [
        OPEN,
        PACKAGE1,
        GET_NAME,
        PACKAGE3.replace('"A"', '"{{a}}"'),
        GET_NAME,
        PACKAGE3.replace('"A"', `"{{${name}}}"`),
        END.replace('END"', 'END"],["GET","{{a}}"'),
        ENDED,
      ],
    );
  await passes(twice('a'));
  await passes(twice('b'));
  await fails(
    course(OPEN, PACKAGE1, END.replace('END', '{{a}}'), ENDED),
    '### Package#2',
    '{{a}} was not captured before',
  );
});

test.run();
