import type { ServerEvent } from 'dmlet/server';
import { DEMO_SCRIPT } from './demo.js';
import { colors, printable, printLine } from './terminal.js';
import { UsageError } from './usage-error.js';

/** The port that the bootstrap of the demonstration names. */
export const DEFAULT_PORT = 8462;

/** `dmlet serve`: the reference DM Server and Data Repository, until it is interrupted. @throws UsageError */
export async function serve(options: { port: number; script?: string }): Promise<void> {
  const { loadScript, ScriptError, startReferenceServer } = await import('dmlet/server');
  try {
    const script = loadScript(options.script ?? DEMO_SCRIPT);
    const server = await startReferenceServer({
      port: options.port,
      script,
      onEvent: (event) => printLine(line(event)),
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
    printLine(`DM Server at ${colors.cyan(`${server.origin}/dm`)}, Data Repository at ${colors.cyan(server.origin)}`);
    printLine('Ctrl-C ends it.');
  } catch (error) {
    if (error instanceof ScriptError) throw new UsageError(error.message);
    if ((error as NodeJS.ErrnoException).syscall === 'listen')
      throw new UsageError(`--port ${options.port}: ${(error as Error).message}`);
    throw error;
  }
}

function line(event: ServerEvent): string {
  switch (event.type) {
    case 'received':
      return `${colors.magenta('◀──')} ${colors.bold(`Package#${event.package.number}`)} from ${printable(`${event.package.devId}  ${event.package.text}`)}`;
    case 'sent':
      return `${colors.blue('──▶')} HTTP ${event.status}  ${printable(event.text)}${fault(event.fault)}`;
    case 'request':
      return `    ⇄ ${event.request.method} ${printable(event.request.path)}  HTTP ${event.request.status}${fault(event.fault)}${upload(event.request.document)}`;
    case 'notification':
      return `${colors.blue('──▶')} ${colors.bold('Package#0')} to ${event.to}  ${printable(event.serverId)}  ${event.bytes} bytes`;
    default:
      return colors.red(`    violation: ${printable(event.text)}`);
  }
}

function fault(kind: string | undefined): string {
  return kind === undefined ? '' : colors.yellow(`  (fault: ${kind})`);
}

/** The MO data that a device put or posted. */
function upload(document: unknown): string {
  return document === undefined ? '' : `  ${printable(JSON.stringify(document))}`;
}
