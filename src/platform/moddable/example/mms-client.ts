import { client } from 'dmlet';

// An application of the device that needs settings: the MMS client of the change request. It knows no server and no protocol.

const MMS = 'urn:oma:mo:oma-mms:1.3';

/** The address of the message centre, undefined as long as there are no settings. */
function centre(): string | undefined {
  const [instance] = client.local.instances(MMS);
  if (instance === undefined) return undefined;
  const addr = client.local.read(`${MMS}/${instance}/Addr`);
  return typeof addr === 'string' ? addr : undefined;
}

function begin(): void {
  trace(`MMS: messages go to ${centre()}\n`);
}

/** Starts at once where there are settings, else asks for them just in time. */
export default function startMms(): void {
  client.local.watch(`${MMS}//`, begin);
  if (centre() !== undefined) begin();
  else {
    client.requestConfiguration(MMS, (error) => {
      if (error !== undefined) trace(`MMS: no settings: ${error.code}\n`);
    });
  }
}
