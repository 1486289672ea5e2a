import type { Socket } from 'node:net';

/** Runs `action` after `ms` milliseconds, unless the connection is closed by then. */
export function afterTime(ms: number, socket: Socket, action: () => void): void {
  const cancel = () => clearTimeout(timer);
  const timer = setTimeout(() => {
    socket.off('close', cancel);
    action();
  }, ms);
  socket.on('close', cancel);
}
