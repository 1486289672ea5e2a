// What is used of the Moddable SDK, as its sources of June 2026 have it. Its own typings on npm are older and lack the half of it.

declare function trace(...items: string[]): void;

declare module 'mc/config' {
  const config: import('./settings.js').Config;
  export default config;
}

declare module 'timer' {
  const Timer: import('./clock.js').Timers;
  export default Timer;
}

declare module 'time' {
  const Time: import('./clock.js').Ticks;
  export default Time;
}

declare module 'crypt' {
  export const Digest: import('./digests.js').NativeDigests;
}

declare module 'text/encoder' {
  const TextEncoder: { new (): import('./text.js').Encoder };
  export default TextEncoder;
}

declare module 'text/decoder' {
  const TextDecoder: {
    new (label: string, options: { fatal: boolean; ignoreBOM: boolean }): import('./text.js').Decoder;
  };
  export default TextDecoder;
}

declare module 'Resource' {
  const Resource: {
    /** @throws URIError where there is none of this name. */
    new (path: string): import('./resource.js').NativeResource;
    exists(path: string): boolean;
  };
  export default Resource;
}

declare module 'preference' {
  const Preference: import('./preference-flash.js').Preferences;
  export default Preference;
}

declare module 'embedded:storage/key-value' {
  const storage: { open(options: { path: string }): import('./key-value-flash.js').KeyValueStore };
  export default storage;
}

declare module 'embedded:io/socket/udp' {
  const UDP: import('./notifications.js').UdpSockets;
  export default UDP;
}

interface StringConstructor {
  fromArrayBuffer: import('./text.js').FromArrayBuffer;
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
