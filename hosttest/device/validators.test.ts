import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEVINFO } from '../support/device-bootstrap.js';
import { onStage, type Stage, type TestDevice } from '../support/device-fixture.js';
import { accessElement, BOX, boxes, codesAs, entry, hgetAs, runAs, severalAccounts } from '../support/device-rights.js';
import type { MemoryFlash } from '../support/memory-flash.js';

// PROTOCOL.md CV-1 to CV-10, ST-304: cache validators of MO instances.
const test = suite('cache validators');

const A = `${BOX}/a/`;
const B = `${BOX}/b/`;

/** The validator of an instance, as a server gets it; undefined for none. */
async function cv(device: TestDevice, uri = A): Promise<unknown> {
  return (await runAs(device, 'one', ['GET', uri]))[0].Data?.[0].CV;
}

/** Stores the whole of `a` from a document with a validator. */
async function fetchWith(stage: Stage, device: TestDevice, validator: unknown, v = 'in a'): Promise<number> {
  const element = { CV: validator, ClientURI: A, MOData: { Box: { v, Run: {} } } };
  stage.server.setResource('/cv', { document: [element], etag: null });
  return (await codesAs(device, 'one', ['HGET', '{origin}/cv']))[0];
}

test(
  'CV is sent where the target is an MO root, and only there; by GET, HPUT and HPOST [CV-6] [CV-7]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes() });
    const replies = await runAs(
      device,
      'one',
      ['GET', A],
      ['GET', `${BOX}/*/`],
      ['GET', `${A}v`],
      ['GET', `${A}*`],
      ['GET', `${A}v?cv=x`],
      ['HPUT', '{origin}/put', A, `${A}v`],
      ['HPOST', '{origin}/put', A, `${A}v`],
    );
    const known = replies.map(({ Data }) => Data?.map(({ CV }) => typeof CV));
    assert.equal(known.slice(0, 5), [
      ['string'],
      ['string', 'string'],
      ['undefined'],
      ['undefined', 'undefined'],
      ['undefined'],
    ]);
    for (const { body } of stage.server.requests) {
      const elements = JSON.parse(String(body)) as { CV?: string }[];
      assert.equal(
        elements.map(({ CV }) => CV),
        [replies[0].Data?.[0].CV, undefined],
      );
    }
  }),
);

test(
  'it changes with any change of the instance, whoever makes it and however small, and never comes again [CV-1] [CV-2]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes() });
    const { local } = device.client;
    const seen = [await cv(device)];
    const other = await cv(device, B);
    const changes: (() => unknown)[] = [
      () => local.write(`${A}v`, 'x'),
      () => local.write(`${A}v`, 'in a'),
      () => local.write(`${A}v`, 1),
      () => local.write(`${A}v`, '1'),
      () => local.write(`${A}Run/deep`, true),
      () => local.remove(`${A}Run/deep`),
      () => hgetAs(stage, device, 'one', `${A}v`, 'y'),
      () => hgetAs(stage, device, 'one', `${A}Run`, {}),
      () => hgetAs(stage, device, 'one', `${A}Run`, { more: null }),
      () => codesAs(device, 'one', ['DELETE', `${A}v`]),
      () => hgetAs(stage, device, 'one', A, { v: 'in a', Run: {} }),
    ];
    for (const [index, change] of changes.entries()) {
      await change();
      const now = await cv(device);
      if (index === 7) assert.is(now, seen[seen.length - 1], 'an equal subtree');
      else {
        assert.not(seen.includes(now), `change ${index}: ${now}`);
        seen.push(now);
      }
    }
    assert.is(await cv(device, B), other);
  }),
);

test(
  'it is the same after an equal HGET, which writes nothing, and after a restart [CV-2]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes() });
    assert.is(await hgetAs(stage, device, 'one', A, { v: 'z', Run: {} }), 200);
    const before = await cv(device);
    const { writes } = device.flash as MemoryFlash;
    assert.is(await hgetAs(stage, device, 'one', A, { v: 'z', Run: {} }), 200);
    device.client.local.write(`${A}v`, 'z');
    assert.equal([await cv(device), (device.flash as MemoryFlash).writes], [before, writes]);
    const again = await stage.restart(device);
    assert.is(await cv(again), before);
    assert.equal(await codesAs(again, 'one', ['GET', `${A}?cv=${before}`]), [304]);
  }),
);

test(
  'an instance that was deleted and made anew has another one [CV-2]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes('m1') });
    const document = [{ ClientURI: `${BOX}//`, CV: 'same', MOData: { Box: { v: 1 } } }];
    stage.server.setResource('/new', { document: [{ ...document[0], CV: undefined }], etag: null });
    const M1 = `${BOX}/m1/`;
    const seen = [await cv(device, M1)];
    for (let round = 0; round < 3; round += 1) {
      assert.equal(await codesAs(device, 'one', ['DELETE', M1], ['HGET', '{origin}/new']), [200, 200]);
      seen.push(await cv(device, M1));
    }
    assert.is(new Set(seen).size, 4, seen.join());
    stage.server.setResource('/new', { document, etag: null });
    await codesAs(device, 'one', ['DELETE', M1], ['HGET', '{origin}/new']);
    assert.is(await cv(device, M1), 'same');
    stage.server.setResource('/new', { document: [{ ...document[0], CV: undefined }], etag: null });
    await codesAs(device, 'one', ['DELETE', M1], ['HGET', '{origin}/new']);
    assert.is.not(await cv(device, M1), 'same');
  }),
);

test(
  'what a document says in CV for a whole instance holds until the instance changes, also over a restart [CV-8]',
  onStage(async (stage) => {
    let device = await severalAccounts(stage, { mo: boxes() });
    const odd = 'W/"a b&c=%/\u00e9"';
    for (const validator of ['v1', 'v2', odd]) {
      assert.is(await fetchWith(stage, device, validator), 200);
      assert.is(await cv(device), validator);
      device = await stage.restart(device);
      assert.is(await cv(device), validator);
      assert.equal(await codesAs(device, 'one', ['GET', `${A}?cv=${encodeURIComponent(validator)}`]), [304]);
    }
    device.client.local.write(`${A}v`, 'changed');
    assert.is.not(await cv(device), odd);
    device.client.local.write(`${A}v`, 'in a');
    assert.is.not(await cv(device), odd);
    assert.is(await fetchWith(stage, device, odd), 200);
    assert.is(await cv(device), odd);
  }),
);

test(
  'a document with the same data and validator writes nothing; one with another validator changes that alone [CV-8]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes() });
    await fetchWith(stage, device, 'v1', 'z');
    const flash = device.flash as MemoryFlash;
    const { writes } = flash;
    await fetchWith(stage, device, 'v1', 'z');
    assert.is(flash.writes, writes);
    stage.forget(device);
    await fetchWith(stage, device, 'v2', 'z');
    assert.equal([await cv(device), device.log.about('stored')], ['v2', []]);
    await fetchWith(stage, device, undefined, 'z');
    assert.is(await cv(device), 'v2');
    await fetchWith(stage, device, undefined, 'other');
    assert.is.not(await cv(device), 'v2');
  }),
);

test(
  'CV of a part is none of the instance; an empty one is none [CV-8]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes() });
    stage.server.setResource('/cv', { document: [{ ClientURI: `${A}v`, CV: 'part', MOData: { v: 'p' } }], etag: null });
    await codesAs(device, 'one', ['HGET', '{origin}/cv'], ['HGET', '{origin}/cv', `${A}v`]);
    assert.is.not(await cv(device), 'part');
    await fetchWith(stage, device, '', 'q');
    assert.type(await cv(device), 'string');
    assert.is.not(await cv(device), '');
  }),
);

test(
  'a document that is refused leaves the validator as it was [CV-8] [ST-2]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes() });
    await fetchWith(stage, device, 'v1');
    stage.server.setResource('/cv', {
      document: [
        { ClientURI: A, CV: 'v2', MOData: { Box: { v: 'new' } } },
        { ClientURI: `${DEVINFO}//`, CV: 'v2', MOData: { DevInfo: {} } },
      ],
    });
    assert.equal(await codesAs(device, 'one', ['HGET', '{origin}/cv']), [405]);
    assert.is(await cv(device), 'v1');
  }),
);

test(
  'cv that is current: 304 and no data, for the root and for what is below it; otherwise the data [CV-4] [CV-5] [CV-6] [ST-304]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes() });
    const now = String(await cv(device));
    stage.forget(device);
    const current = [A, `${A}v`, `${A}*`, `${BOX}/(x)/v?nv=(x)/v:in%20a`];
    const commands = current.flatMap((uri) => {
      const asked = `${uri}${uri.includes('?') ? '&' : '?'}cv=${now}`;
      return [
        ['GET', asked],
        ['HPUT', '{origin}/put', asked],
        ['HPOST', '{origin}/put', asked],
      ];
    });
    assert.equal(
      await runAs(device, 'one', ...commands),
      commands.map(() => ({ sc: 304 })),
    );
    assert.equal(stage.server.requests, []);
    for (const stale of ['', 'x', `${now}0`, now.toUpperCase(), now.slice(0, -1)]) {
      const [get, put] = await runAs(
        device,
        'one',
        ['GET', `${A}?cv=${stale}`],
        ['HPUT', '{origin}/put', `${A}?cv=${stale}`],
      );
      assert.equal([get.sc, get.Data?.[0].CV, put.sc], [200, now, 200], stale);
    }
    device.client.local.write(`${A}v`, 'new');
    const [reply] = await runAs(device, 'one', ['GET', `${A}?cv=${now}`]);
    assert.equal([reply.sc, reply.Data?.[0].CV !== now], [200, true]);
  }),
);

test(
  'of several addresses those that are current are left out; all current: 304 [CV-9] [CV-10]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes() });
    device.client.local.write(`${B}v`, 'of its own');
    const [a, b] = [`${A}?cv=${await cv(device, A)}`, `${B}?cv=${await cv(device, B)}`];
    const replies = await runAs(
      device,
      'one',
      ['GET', a, b],
      ['GET', a, B],
      ['GET', A, b],
      ['GET', a, `${B}?cv=old`],
      ['GET', a, `${B}Run`],
      ['GET', `${BOX}/*/?cv=${await cv(device, A)}`],
      ['GET', a, `${BOX}/none/`],
      ['HPUT', '{origin}/put', a, B],
    );
    const found = replies.map(({ sc, Data }) => [sc, ...(Data ?? []).map(({ ClientURI }) => ClientURI)]);
    assert.equal(found, [[304], [200, B], [200, A], [200, B], [204], [200, B], [404], [200]]);
    const body = JSON.parse(String(stage.server.requests[0].body)) as { ClientURI: string }[];
    assert.equal(
      body.map(({ ClientURI }) => ClientURI),
      [B],
    );
  }),
);

test(
  'cv of an instance that may not be read tells nothing: 403, and wildcards leave it out [CV-4] [ACC-12] [ACC-13]',
  onStage(async (stage) => {
    const mo = [...boxes(), accessElement(entry(A, { one: 'RWXD' }))];
    const device = await severalAccounts(stage, { mo });
    const now = await cv(device);
    const codes = await codesAs(
      device,
      'two',
      ['GET', `${A}?cv=${now}`],
      ['GET', `${A}?cv=x`],
      ['HPUT', '{origin}/put', `${A}?cv=${now}`],
      ['GET', `${BOX}/(x)/?nv=(x)/v:in%20a&cv=${now}`],
    );
    assert.equal(codes, [403, 403, 403, 404]);
  }),
);

test(
  'what a bootstrap says in CV counts as well [CV-8]',
  onStage(async (stage) => {
    const device = await severalAccounts(stage, { mo: boxes().map((box) => ({ ...box, CV: 'boot' })) });
    assert.equal([await cv(device, A), await cv(device, B)], ['boot', 'boot']);
    assert.is(await cv(await stage.restart(device), B), 'boot');
  }),
);

test.run();
