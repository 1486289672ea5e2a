import type { DmError } from 'dmlet';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ACCOUNT,
  accountElement,
  bootstrapWith,
  DEVINFO,
  devInfoElement,
  FOREIGN,
  MMS,
  NAP,
} from '../support/device-bootstrap.js';
import { onStage } from '../support/device-fixture.js';
import { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md BOOT-5, BOOT-11, BOOT-12, BOOT-26, ACC-3: a bootstrap that is not valid is refused as a whole, with its cause.
const test = suite('bootstrap: not valid');

const NAP_ELEMENT = { ClientURI: `${NAP}/a/`, MOData: { NAP: { Id: 'a' } } };

/** A document with these elements behind what is good. */
function mo(...elements: unknown[]): string {
  return JSON.stringify({
    MO: [accountElement(), devInfoElement(), NAP_ELEMENT, ...elements],
    CMD: [['DEFAULT', 'https://x/', MMS]],
  });
}

/** A document with these commands behind what is good. */
function cmd(...commands: unknown[]): string {
  return JSON.stringify({
    MO: [accountElement(), devInfoElement(), NAP_ELEMENT],
    CMD: [['DEFAULT', 'https://x/', MMS], ...commands],
  });
}

function account(leaves: Record<string, unknown>, miid = 'other'): unknown {
  return { ClientURI: `${ACCOUNT}/${miid}/`, MOData: { DMAcc: leaves } };
}

const GOOD = cmd();

/** What is wrong, the bootstrap, and the code of the cause. */
const INVALID: [string, string, string][] = [
  ['nothing at all', '', 'CUT_SHORT'],
  ['white space only', ' \n \n', 'CUT_SHORT'],
  ['a document cut short [BOOT-11]', GOOD.slice(0, -1), 'CUT_SHORT'],
  ['a document cut in a name', GOOD.slice(0, 20), 'CUT_SHORT'],
  ['matter behind the document', `${GOOD}x`, 'BAD_JSON'],
  ['two documents', `${GOOD}${GOOD}`, 'BAD_JSON'],
  ['a comma too many', GOOD.replace(']}', ',]}'), 'BAD_JSON'],
  ['JSON nested too deep', `{"X":${'['.repeat(100)}${']'.repeat(100)}}`, 'TOO_DEEP'],
  ['a byte order mark', `\ufeff${GOOD}`, 'BAD_COMMAND'],
  ['an array', JSON.stringify([JSON.parse(GOOD)]), 'BAD_COMMAND'],
  ['CMD that is no array', '{"CMD":{}}', 'BAD_JSON'],
  ['CMD that is a text', '{"CMD":"DEFAULT"}', 'BAD_JSON'],
  ['MO that is a number', '{"MO":5}', 'BAD_MO'],
  ['an element that is no object', mo(5), 'BAD_MO'],
  ['an element without ClientURI', mo({ MOData: { MMS: { A: 1 } } }), 'BAD_MO'],
  ['an element without MOData', mo({ ClientURI: `${MMS}//` }), 'BAD_MO'],
  ['an array in the data', mo({ ClientURI: `${MMS}//`, MOData: { MMS: { A: [] } } }), 'BAD_MO'],
  ['a name that comes twice', GOOD.replace('"Id":"a"', '"Id":"a","Id":"b"'), 'BAD_MO'],
  ['a ClientURI that does not parse', mo({ ClientURI: 'nonsense', MOData: { MMS: { A: 1 } } }), 'BAD_MO'],
  ['a node of no instance', mo({ ClientURI: `${MMS}/a/Name`, MOData: { Name: 'x' } }), 'NOT_FOUND'],
  ['the same object twice', mo(NAP_ELEMENT), 'CONFLICT'],
  [
    'an object and a node in it',
    mo({ ClientURI: `${NAP}/b/`, MOData: { NAP: { Id: 'b' } } }, { ClientURI: `${NAP}/b/Id`, MOData: { Id: 'x' } }),
    'NOT_FOUND',
  ],
  ['an account without SrvID', mo(account({ SrvURI: 'https://x/' })), 'CONFLICT'],
  ['an account without SrvURI', mo(account({ SrvID: 'x' })), 'CONFLICT'],
  ['an account with an empty SrvID', mo(account({ SrvID: '', SrvURI: 'https://x/' })), 'CONFLICT'],
  ['two accounts of one server [ACC-1]', mo(account({ SrvID: 'dm.example', SrvURI: 'https://x/' })), 'CONFLICT'],
  ['a name that is too long', mo({ ClientURI: `${MMS}//`, MOData: { MMS: { ['n'.repeat(256)]: 1 } } }), 'TOO_LONG'],
  ['a number that is too long', GOOD.replace('"Id":"a"', `"Id":${'9'.repeat(65)}`), 'TOO_LONG'],
  [
    'a ClientURI that is too long',
    mo({ ClientURI: `${MMS}/${'i'.repeat(1025)}/`, MOData: { MMS: { A: 1 } } }),
    'TOO_LONG',
  ],
  [
    'more than the tree takes [BOOT-11]',
    mo(...[1, 2, 3].map((n) => ({ ClientURI: `${MMS}/${n}/`, MOData: { MMS: { A: 'v'.repeat(4000) } } }))),
    'TREE_FULL',
  ],
  ['a command that has no place there [BOOT-5 BOOT-11]', cmd(['DELETE', `${NAP}//`]), 'BAD_COMMAND'],
  ['END [BOOT-5]', cmd(['END']), 'BAD_COMMAND'],
  ['CONT [BOOT-5]', cmd(['CONT', 'https://x/']), 'BAD_COMMAND'],
  ['GET [BOOT-5]', cmd(['GET', `${NAP}//`]), 'BAD_COMMAND'],
  ['an unknown command', cmd(['NONSENSE']), 'BAD_COMMAND'],
  ['a command that is none', cmd(5), 'BAD_COMMAND'],
  ['an empty command', cmd([]), 'BAD_COMMAND'],
  ['DEFAULT without MOID', cmd(['DEFAULT', 'https://x/']), 'BAD_COMMAND'],
  ['DEFAULT the wrong way round', cmd(['DEFAULT', MMS, 'https://x/']), 'BAD_COMMAND'],
  ['DEFAULT with a placeholder without meaning', cmd(['DEFAULT', 'https://x/[MMC]', MMS]), 'UNKNOWN_PLACEHOLDER'],
  ['DEFAULT with the IMSI that nobody allowed', cmd(['DEFAULT', 'https://x/[IMSI]', MMS]), 'UNKNOWN_PLACEHOLDER'],
  ['DEFAULT with an address that is none', cmd(['DEFAULT', 'https://', MMS]), 'BAD_URI'],
  ['DEFAULT with an address that is too long', cmd(['DEFAULT', `https://x/${'p'.repeat(1020)}`, MMS]), 'TOO_LONG'],
  [
    'DEFAULT for a MOID on nobody\u2019s Perm list [BOOT-12 BOOT-26]',
    cmd(['DEFAULT', 'https://x/', FOREIGN]),
    'FORBIDDEN',
  ],
  [
    'more DEFAULTs than the table takes',
    cmd(...Array.from({ length: 17 }, (_, n) => ['DEFAULT', 'https://x/', `urn:m:${n}`])),
    'FORBIDDEN',
  ],
  ['HGET with a ClientURI that does not parse', cmd(['HGET', 'https://x/', 'nonsense']), 'BAD_URI'],
  ['HGET with an address that is none', cmd(['HGET', 'https://x/ y']), 'BAD_URI'],
  ['HGET without parameters', cmd(['HGET']), 'BAD_COMMAND'],
  ['text: an unknown command', `DEFAULT https://x/ ${MMS}\nDEFALT https://x/ ${NAP}`, 'BAD_COMMAND'],
  ['text: a parameter too many', `DEFAULT https://x/ ${MMS} # comment`, 'BAD_COMMAND'],
  ['text: characters that are no ASCII', `DEFAULT https://x/\u00e4 ${MMS}`, 'BAD_COMMAND'],
  ['text: a line without end', `DEFAULT https://x/ ${'m'.repeat(5000)}`, 'TOO_LONG'],
  [
    'text: more DEFAULTs than the table takes',
    Array.from({ length: 17 }, (_, n) => `DEFAULT https://x/ urn:m:${n}`).join('\n'),
    'TABLE_FULL',
  ],
];

for (const [what, bootstrap, code] of INVALID) {
  test(
    `${code} for ${what}`,
    onStage(async (stage) => {
      const flash = new MemoryFlash();
      const fresh = stage.device({ flash, bootstrap });
      let error: DmError | undefined;
      assert.throws(
        () => fresh.start(),
        (thrown: DmError) => {
          error = thrown;
          return thrown.code === 'BAD_BOOTSTRAP';
        },
      );
      assert.is((error?.cause as DmError | undefined)?.code, code);
      assert.match(String(error?.message), code);
      assert.equal([flash.writes, flash.removals, flash.values.size], [0, 0, 0]);
      assert.equal(stage.seen, []);

      // The same on a device that works: it goes on with what it had.
      const mms = { ClientURI: `${MMS}/kept/`, MOData: { MMS: { Name: 'kept' } } };
      const device = await stage.start({
        bootstrap: bootstrapWith({ mo: [mms], cmd: [['DEFAULT', 'https://kept/', MMS]] }),
      });
      const { writes } = device.flash as MemoryFlash;
      device.close();
      const updated = stage.device({ flash: device.flash, bootstrap });
      assert.throws(
        () => updated.start(),
        (thrown: DmError) => thrown.code === 'BAD_BOOTSTRAP',
      );
      assert.is(updated.state, device.state);
      assert.is((device.flash as MemoryFlash).writes, writes);
      assert.is((await stage.restart(device)).durable, device.durable);
    }),
  );
}

test(
  'the place of the damage is told in bytes',
  onStage(async (stage) => {
    const filler = '\u00e4'.repeat(400);
    for (const [bootstrap, at] of [
      [`{"X":"${filler}","MO":[}`, Buffer.byteLength(`{"X":"${filler}","MO":[`)],
      [`# ${filler}\nDEFAULT https://x/\u0001 ${MMS}`, Buffer.byteLength(`# ${filler}\nDEFAULT https://x/`)],
    ] as const) {
      assert.throws(
        () => stage.device({ bootstrap }).start(),
        (error: DmError) => error.code === 'BAD_BOOTSTRAP' && error.offset === at,
      );
    }
  }),
);

test(
  'a good one is taken after a bad one',
  onStage(async (stage) => {
    const flash = new MemoryFlash();
    assert.throws(() => stage.device({ flash, bootstrap: GOOD.slice(0, -1) }).start());
    const device = await stage.start({ flash, bootstrap: GOOD });
    assert.equal(
      [ACCOUNT, NAP, DEVINFO].map((moid) => device.client.local.instances(moid)),
      [['operator'], ['a'], ['m1']],
    );
  }),
);

test(
  'flash that is full or fails is told as such, and nothing is changed [BOOT-11]',
  onStage(async (stage) => {
    const full = new MemoryFlash({ capacity: 300 });
    assert.throws(
      () => stage.device({ flash: full, bootstrap: GOOD }).start(),
      (error: DmError) => error.code === 'FLASH_FULL',
    );
    assert.is(full.bytes, 0);
    const failing = new MemoryFlash();
    failing.refusals.push(0, 2);
    assert.throws(
      () => stage.device({ flash: failing, bootstrap: GOOD }).start(),
      (error: DmError) => error.code === 'FLASH_FAILED',
    );
    const device = await stage.start({ flash: failing, bootstrap: GOOD });
    assert.equal(device.client.local.instances(NAP), ['a']);
  }),
);

test.run();
