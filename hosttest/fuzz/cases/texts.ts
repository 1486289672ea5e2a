import * as fc from 'fast-check';
import { ACCESS, ACCOUNT, DEVINFO, FUMO, METER, MMS, NAP, ORIGIN } from '../device/fixture.js';

/** What means something somewhere, and what is at the edge of a bound. */
const ODD = [
  '',
  ' ',
  '/',
  '//',
  '?',
  '#',
  '%',
  '%2F',
  '%C3%A9',
  '%FF',
  '%u0041',
  '*',
  '(x)',
  '(y)',
  '(xx)',
  '[MCC]',
  '[',
  ']',
  '[[MCC]]',
  '\0',
  '\r\nX: y',
  '"',
  '\\',
  'é',
  '€',
  '😀',
  '\ufeff',
  '\u2028',
  '__proto__',
  'constructor',
  'length',
  '..',
  '0',
  '-1',
  '1e999',
  'x'.repeat(255),
  'é'.repeat(128),
  'y'.repeat(1025),
];

export const MOIDS = [MMS, NAP, FUMO, METER, ACCOUNT, ACCESS, DEVINFO, 'urn:oma:mo:oma-sessioninfomo:1.0', 'urn:x:y'];

const NAMES = [
  'Name',
  'To',
  '1',
  '2',
  'Id',
  'On',
  'Ext',
  'a',
  'Update',
  'Perm',
  'MOID',
  'SrvID',
  'Auth',
  'Log',
  'Rate',
  'Pin',
];

/** A text that was not chosen for what it means. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 8, unit: 'grapheme' }) },
);

/** `usual`, but for one in forty: a case has many of these, and should get further than the first. */
export function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 39, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

export const moid: fc.Arbitrary<string> = mostly(fc.constantFrom(...MOIDS), oddText);

export const nodeName: fc.Arbitrary<string> = mostly(fc.constantFrom(...NAMES), oddText);

const miid = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', 'm', 'f', 't', 'op', 'two', 'm1') },
  { weight: 2, arbitrary: fc.constantFrom('(x)', '*', 'n1', 'new') },
  { weight: 1, arbitrary: oddText },
);

const component = fc.oneof(
  { weight: 6, arbitrary: nodeName },
  { weight: 2, arbitrary: fc.constantFrom('*', '(x)', '(y)') },
);

const condition = fc.oneof(
  fc.constantFrom('cv=g5.1', 'nv=(x)/Id:x', 'nv=(y)/Id:y', 'cv=', 'nv=(x)/:', 'nv=', 'a=b'),
  oddText.map((text) => `nv=(x)/Id:${text}`),
);

/** Nodes that the device of every case has. */
const PRESENT = [
  `${MMS}/m/`,
  `${MMS}//`,
  `${MMS}//Name`,
  `${MMS}/m/To/`,
  `${MMS}//To/1/Id`,
  `${MMS}//To/(x)/Id?nv=(x)/On:true`,
  `${MMS}/(x)/*`,
  `${FUMO}/f/`,
  `${FUMO}/f/Update`,
  `${FUMO}//Ext/`,
  `${FUMO}//Ext/a`,
  `${METER}/t/`,
  `${METER}/t/Rate`,
  `${METER}/t/Pin`,
  `${ACCOUNT}/op/`,
  `${ACCOUNT}/(x)/Perm/`,
  `${DEVINFO}//DevID`,
];

/** Addresses of nodes, most of which parse, and many of which are there. */
export const clientUri: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...PRESENT) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(moid, miid, fc.array(component, { maxLength: 4 }), fc.array(condition, { maxLength: 2 }), fc.boolean())
      .map(([type, instance, path, conditions, isClosed]) => {
        const tail = `${path.join('/')}${isClosed && path.length > 0 ? '/' : ''}`;
        return `${type}/${instance}/${tail}${conditions.length > 0 ? '?' : ''}${conditions.join('&')}`;
      }),
  },
  { weight: 1, arbitrary: oddText },
);

const PATHS = [
  '/case',
  '/good',
  '/nap',
  '/leaf',
  '/to',
  '/loop',
  '/type',
  '/silent',
  '/none',
  '/stale',
  '/cut',
  '/gone',
];
const STATUSES = [204, 304, 400, 401, 404, 408, 410, 429, 503];

/** Addresses at servers, most of which the server of the cases knows. */
export const serverUri: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom('/case', '/good', '/good', '/nap', '/leaf', ...PATHS).map((path) => ORIGIN + path),
  },
  { weight: 2, arbitrary: fc.constantFrom(...STATUSES).map((status) => `${ORIGIN}/status/${status}`) },
  { weight: 1, arbitrary: oddText.map((text) => `${ORIGIN}/${text}`) },
  { weight: 1, arbitrary: oddText.map((text) => `http://${text}/case`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'http:', 'https://', 'ftp://dm.example/', 'HTTP://DM.EXAMPLE/good', '/good'),
  },
  { weight: 1, arbitrary: oddText },
);
