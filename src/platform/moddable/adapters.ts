// What is the same on all platforms of the SDK, as one module to preload.
export { ModdableClock } from './clock.js';
export { ModdableDigests } from './digests.js';
export { ModdableHttp } from './http.js';
export { LabHttp } from './lab-http.js';
export { listenForNotifications } from './notifications.js';
export { ModdableRandom } from './random.js';
export { ModdableResource } from './resource.js';
export { settingsOf } from './settings.js';
export { ModdableText } from './text.js';
export { TraceLog } from './trace-log.js';
