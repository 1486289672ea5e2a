import * as fc from 'fast-check';
import { anyJson, jsonArray, jsonObject, jsonString, member, misplaced, utf8Bytes } from './json.js';
import { clientUri, moid, mostly, oddText, serverUri } from './texts.js';

function command(name: string, ...parameters: fc.Arbitrary<string>[]): fc.Arbitrary<string[]> {
  return fc.tuple(...parameters).map((all) => [name, ...all]);
}

/** Each command of the catalog as it should be, with whatever parameters. */
const proper: fc.Arbitrary<string[]> = fc.oneof(
  command('HGET', serverUri),
  command('HGET', serverUri, clientUri),
  command('HPUT', serverUri, clientUri),
  command('HPOST', serverUri, clientUri, clientUri),
  command('DELETE', clientUri),
  command('EXEC', clientUri),
  command('EXEC', clientUri, serverUri),
  command('EXEC', fc.constantFrom('urn:oma:mo:oma-fumo:1.0/f/Update', 'urn:oma:mo:oma-fumo:1.0//Update')),
  command('GET', clientUri),
  command('GET', clientUri, clientUri),
  command('SHOW', serverUri),
  command('CONT', serverUri),
  command('END'),
  command('DEFAULT', serverUri, moid),
  command('SUB', serverUri, clientUri),
  command('UNSUB', clientUri),
);

const odd = fc.tuple(proper, fc.array(oddText, { maxLength: 18 }), fc.nat(3)).map(([usual, more, cut]) => {
  const all = [...usual, ...more];
  return cut === 0 ? all.slice(1) : all;
});

const commandText = fc.oneof(
  { weight: 38, arbitrary: mostly(proper, odd).map((parameters) => JSON.stringify(parameters)) },
  { weight: 1, arbitrary: jsonArray(fc.oneof(jsonString(oddText), misplaced), 4) },
  { weight: 1, arbitrary: misplaced },
);

const members = fc
  .tuple(
    mostly(fc.constant<string[]>([]), fc.array(member('More', anyJson(2)), { maxLength: 1 })),
    mostly(member('CMD', jsonArray(commandText, 8)), member('CMD', misplaced)),
    mostly(
      fc.constant<string[]>([]),
      fc.array(fc.oneof(member('CMD', jsonArray(commandText, 3)), member('x', anyJson(2))), { maxLength: 1 }),
    ),
  )
  .map(([before, commands, behind]) => [...before, commands, ...behind]);

export const packageBytes: fc.Arbitrary<Uint8Array> = utf8Bytes(mostly(jsonObject(members), anyJson(3)));
