import { client, startClient } from 'dmlet';

// Another firmware's own main, which has dmlet as a library: see manifest.json beside this file.

const FIRMWARE = 'urn:oma:mo:oma-fumo:1.0';
const CONNECTIVITY = 'urn:oma:mo:oma-connmo-nap:1.0';

const NOT_IMPLEMENTED = 501;

export default function main(): void {
  client.onExecute(FIRMWARE, 'Update', ({ clientUri }) => {
    trace(`gateway: asked to execute ${clientUri}\n`);
    return NOT_IMPLEMENTED;
  });
  if (startClient() !== undefined) return;
  client.requestConfiguration(CONNECTIVITY, (error, clientUris) => {
    trace(`gateway: ${error === undefined ? clientUris.join(' ') : error.code}\n`);
  });
}
