import { colors, printable, printLine } from './terminal.js';
import { UsageError } from './usage-error.js';

export interface NotifyOptions {
  to: { host: string; port: number };
  serverId: string;
  secret?: string;
  data?: string;
  id?: number;
  timestamp?: number;
  mos?: boolean;
  connection?: number;
}

/** `dmlet notify`: sends one notification by UDP. @throws UsageError */
export async function notify(options: NotifyOptions): Promise<void> {
  const { encodeNotification, sendDatagram } = await import('dmlet/server');
  const { to, serverId, secret, data, id, timestamp, mos, connection } = options;
  if (data !== undefined && secret === undefined) throw new UsageError('--data has no use without --secret');
  const place = `${to.host}:${to.port}`;
  try {
    const bytes = encodeNotification({
      serverId,
      connection,
      id,
      timestamp,
      secret: secret === undefined ? undefined : Buffer.from(secret),
      data: data === undefined ? undefined : Buffer.from(data),
      wantsMos: mos,
    });
    await sendDatagram(to.host, to.port, bytes);
    printLine(`${colors.blue('──▶')} ${colors.bold('Package#0')} to ${printable(place)}  ${bytes.length} bytes`);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`no such notification: ${error.message}`);
    if ((error as NodeJS.ErrnoException).syscall !== undefined)
      throw new UsageError(`--to ${place}: ${(error as Error).message}`);
    throw error;
  }
}
