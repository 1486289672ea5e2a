import { client } from 'dmlet';
import startMms from 'mms-client';

// The application of the firmware that is run in the simulator: the MMS client of the example, and a firmware update that is done at once.

export default function application() {
  client.onExecute('urn:oma:mo:oma-fumo:1.0', 'Update', ({ clientUri }) => {
    trace(`application: updates ${clientUri}\n`);
    return 200;
  });
  startMms();
}
