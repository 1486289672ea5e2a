import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapWith, MMS, mmsDocument } from '../support/device-bootstrap.js';
import { cutEverywhere } from '../support/device-cuts.js';
import { onStage, type Stage } from '../support/device-fixture.js';
import { reports } from '../support/device-reports.js';
import { MemoryFlash } from '../support/memory-flash.js';
import { SIGNED } from '../support/notification-bytes.js';

// PROTOCOL.md ST-2, ALERT-11, ALERT-13, CMD-EXEC-8, CMD-SUB-6, NOTI-27, NOTI-29, JIT-25: the power goes at every operation on flash, and
// each table is wholly before or wholly after; nothing that was acknowledged is lost.
const test = suite('power cut, tables');

const NAME = `${MMS}/m1/Name`;

/** The flash of a device with an MMS object, a DEFAULT for it, a shared secret, and what these commands leave. */
async function prepared(stage: Stage, ...commands: string[][]): Promise<MemoryFlash> {
  const flash = new MemoryFlash();
  const noti = { Auth: { Noti: { Secret: 'k3y-of-srv', Data: 'n0nce' } } };
  const device = await stage.start({
    flash,
    bootstrap: bootstrapWith({
      account: { more: noti },
      mo: [{ ClientURI: `${MMS}/m1/`, MOData: { MMS: { Name: 'first' } } }],
      cmd: [['DEFAULT', '{origin}/jit', MMS]],
    }),
  });
  device.client.onExecute(MMS, '*', () => undefined);
  if (commands.length > 0) await device.codes(...commands);
  device.close();
  return flash;
}

/** Packages so far that hold a text. */
function packagesWith(stage: Stage, text: string): number {
  return stage.server.packages.filter((one) => one.text.includes(text)).length;
}

test(
  'SUB, a second SUB in its place, UNSUB [CMD-SUB-6, ST-2]',
  onStage(async (stage) => {
    const { origin } = stage.server;
    const commands = [
      ['SUB', `${origin}/old`, NAME],
      ['SUB', `${origin}/new`, NAME],
      ['SUB', `${origin}/other`, `${MMS}/*/`],
      ['UNSUB', NAME],
    ];
    const operations = await cutEverywhere(stage, {
      before: await prepared(stage),
      act: async (device, acknowledged) => {
        for (const command of commands) if ((await device.codes(command))[0] === 200) acknowledged();
      },
    });
    assert.ok(operations >= 11, String(operations));
  }),
);

for (const [how, faultTimes] of [
  ['delivered', 0],
  ['refused for now, and tried again after the restart', 1],
] as const) {
  test(
    `a change, and its report ${how}: no acknowledged change stays unreported [CMD-SUB-1, CMD-SUB-14]`,
    onStage(async (stage) => {
      const before = await prepared(stage, ['SUB', `${stage.server.origin}/r`, NAME]);
      const operations = await cutEverywhere(stage, {
        before,
        servers() {
          stage.server.requests.length = 0;
          stage.server.setResource('/r', { document: [], fault: { kind: 'status', status: 503 }, faultTimes });
        },
        act: async (device, acknowledged) => {
          try {
            device.client.local.write(NAME, 'second');
            acknowledged();
          } catch {
            // Refused: nothing is promised.
          }
          await device.idle();
        },
        after: (device, steps) => {
          const found = device.client.local.read(NAME);
          if (steps > 0) assert.is(found, 'second');
          const [last] = reports(stage).slice(-1);
          if (found === 'second') assert.is(last, `/r ${NAME} {"Name":"second"}`);
          else assert.is(last, undefined);
          assert.is(device.client.dueCount, 0);
        },
      });
      assert.ok(operations >= 5, String(operations));
    }),
  );
}

test(
  'an alert queued, and delivered: at least once, twice only where the power went in between [ALERT-11, ALERT-13, ALERT-14]',
  onStage(async (stage) => {
    const operations = await cutEverywhere(stage, {
      before: await prepared(stage),
      servers() {
        stage.server.packages.length = 0;
      },
      act: async (device, acknowledged) => {
        try {
          device.client.alert({ type: 'urn:example:low', data: '9 %' });
          acknowledged();
        } catch {
          // Refused: nothing is promised.
        }
        if ((await device.session()) === undefined) acknowledged();
      },
      after: async (device, steps) => {
        const sent = packagesWith(stage, 'urn:example:low');
        assert.is(await device.session(), undefined);
        const all = packagesWith(stage, 'urn:example:low');
        if (steps > 0) assert.ok(all >= 1, 'lost');
        assert.ok(all <= 2 && all - sent <= 1);
        await device.session();
        assert.is(packagesWith(stage, 'urn:example:low'), all);
      },
    });
    assert.ok(operations >= 5, String(operations));
  }),
);

test(
  'EXEC begun, finished and its result delivered [CMD-EXEC-8, ALERT-11, ALERT-13]',
  onStage(async (stage) => {
    const operations = await cutEverywhere(stage, {
      before: await prepared(stage),
      servers() {
        stage.server.packages.length = 0;
      },
      act: async (device, acknowledged) => {
        device.client.onExecute(MMS, '*', () => undefined);
        if ((await device.codes(['EXEC', NAME]))[0] === 202) acknowledged();
        for (const execution of device.client.executions()) {
          try {
            execution.finish(200);
            acknowledged();
          } catch {
            // Refused: it may be tried again.
          }
        }
        await device.idle();
      },
      after: async (device, steps) => {
        for (const execution of device.client.executions()) execution.finish(200);
        await device.idle();
        const results = packagesWith(stage, 'exec-result');
        if (steps > 0) assert.ok(results >= 1, 'the result is lost');
        assert.ok(results <= 2);
        assert.equal([device.client.dueCount, device.client.device.alerts.rows.length], [0, 0]);
      },
    });
    assert.ok(operations >= 9, String(operations));
  }),
);

test(
  'a notification accepted, and its session held; none is accepted twice [NOTI-27, NOTI-29, NOTI-30]',
  onStage(async (stage) => {
    const operations = await cutEverywhere(stage, {
      before: await prepared(stage),
      servers() {
        stage.server.packages.length = 0;
      },
      act: async (device, acknowledged) => {
        if (device.client.notify(SIGNED) === '') acknowledged();
        await device.idle();
      },
      after: async (device, steps) => {
        const sessions = packagesWith(stage, 'ServerInitiatedMgmt');
        if (steps > 0) assert.ok(sessions >= 1, 'the session is lost');
        assert.ok(sessions <= 2);
        const again = device.client.notify(SIGNED);
        if (steps > 0) assert.is(again, 'REPEATED');
        await device.idle();
        assert.is(device.client.notify(SIGNED), 'REPEATED');
      },
    });
    assert.ok(operations >= 5, String(operations));
  }),
);

test(
  'configuration that failed, and came by the next try [JIT-25, JIT-26]',
  onStage(async (stage) => {
    const operations = await cutEverywhere(stage, {
      before: await prepared(stage),
      servers() {
        const document = mmsDocument({ Name: 'fetched' });
        stage.server.setResource('/jit', { document, fault: { kind: 'status', status: 503 }, faultTimes: 1 });
      },
      act: async (device, acknowledged) => {
        await device.configure(MMS);
        await new Promise<void>((resolve) => {
          const done = (error: unknown): void => {
            if (error === undefined) acknowledged();
            resolve();
          };
          device.client.requestConfiguration(MMS, done, true);
        });
      },
      after: async (device, steps) => {
        if (steps > 0) assert.is(device.client.local.read(NAME), 'fetched');
        assert.equal([(await device.configure(MMS)).code, device.client.local.read(NAME)], ['', 'fetched']);
        assert.is(device.client.dueCount, 0);
      },
    });
    assert.ok(operations >= 5, String(operations));
  }),
);

test.run();
