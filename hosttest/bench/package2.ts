/** What a radio module hands over at once: the payload of a TCP segment where the path takes 576 bytes. */
export const SEGMENT = 536;

/** A Package#2 as it arrives. */
export interface Package2 {
  readonly commands: number;
  readonly bytes: number;
  readonly chunks: readonly Uint8Array[];
  /** The same chunks as `Buffer`s, for who needs methods of these. */
  readonly buffers: readonly Buffer[];
  /** The same body as a string. */
  readonly text: string;
}

/** Command `index` of every package. */
export function expectedCommand(index: number): string[] {
  return ['HGET', `https://data.example.com/mo/${index}`, `urn:oma:mo:oma-mms:1.3/m${index}/`];
}

/** The package of `commands` commands that the budgets are about, in chunks of `segment` bytes. */
export function makePackage2(commands: number, segment = SEGMENT): Package2 {
  const text = JSON.stringify({ CMD: Array.from({ length: commands }, (_, index) => expectedCommand(index)) });
  const body = Buffer.from(text);
  const buffers: Buffer[] = [];
  // Each chunk has memory of its own, as if it had just been received.
  for (let at = 0; at < body.length; at += segment) buffers.push(Buffer.from(body.subarray(at, at + segment)));
  return {
    commands,
    bytes: body.length,
    chunks: buffers.map((buffer) => new Uint8Array(buffer)),
    buffers,
    // Decoded anew, so that it is one flat string and not the pieces that `stringify` put together.
    text: body.toString('utf8'),
  };
}
