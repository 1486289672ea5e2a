import application from 'application';
import { startClient } from 'dmlet';

/** What the SDK calls when the network is set up: the client, then the application that uses it. */
export default function main(): void {
  if (startClient() === undefined) application();
}
