// What is used of the Moddable SDK and not, or otherwise, in @moddable/typings, which are older: as its sources of June 2026 have it.

declare module 'mc/config' {
  const config: import('./settings.js').Config;
  export default config;
}

declare module 'crypt' {
  export const Digest: import('./digests.js').NativeDigests;
}

declare module 'embedded:storage/key-value' {
  const storage: { open(options: { path: string }): import('./key-value-flash.js').KeyValueStore };
  export default storage;
}

declare module 'embedded:io/socket/udp' {
  const UDP: import('./notifications.js').UdpSockets;
  export default UDP;
}

declare const device: {
  readonly network: {
    readonly http: import('./network.js').Network;
    /** Absent where the firmware has no TLS. */
    readonly https?: import('./network.js').SecureNetwork;
  };
};

/** The module that the top-level manifest names `application`. */
declare module 'application' {
  const start: () => void;
  export default start;
}

declare module 'file' {
  export const File: import('./file-flash.js').Files['File'];
  export const Iterator: import('./file-flash.js').Files['Iterator'];
  export const Directory: import('./file-flash.js').Files['Directory'];
}
