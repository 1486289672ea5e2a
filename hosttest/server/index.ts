export type { Fault, FaultKind, FaultOf, FaultParameters } from './fault.js';
export type { ReceivedPackage, ReceivedRequest, ServerEvent } from './journal.js';
export type { ServerTls } from './listener.js';
export { encodeNotification, type NotificationContent } from './notification.js';
export { type ReferenceServer, type ReferenceServerOptions, startReferenceServer } from './reference-server.js';
export { checkScript, loadScript, ScriptError } from './script.js';
export type {
  Credentials,
  PackageScript,
  PlainPackage,
  ResourceHandler,
  ResourceScript,
  Script,
  SessionScript,
  WrappedPackage,
} from './script-types.js';
export { sendDatagram } from './send-datagram.js';
