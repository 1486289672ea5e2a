/** MOIDs of the standard management objects (PROTOCOL.md §14). */
export const MOID_ACCOUNT = 'urn:oma:mo:oma-dm-dmacc:1.2';
export const MOID_DEVINFO = 'urn:oma:mo:oma-dm-devinfo:1.2';
