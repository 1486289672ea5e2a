import type { Definition } from './definition.js';

/** MOIDs of the standard management objects (PROTOCOL.md §14). */
export const MOID_ACCOUNT = 'urn:oma:mo:oma-dm-dmacc:1.2';
export const MOID_DEVINFO = 'urn:oma:mo:oma-dm-devinfo:1.2';
export const MOID_ACCESS = 'urn:oma:mo:oma-dm-dacmo:1.0';
export const MOID_SESSION = 'urn:oma:mo:oma-sessioninfomo:1.0';

/** The MOs that the device itself keeps, whose rights are not delegated. */
export const DEVICE_MOIDS: readonly string[] = [MOID_DEVINFO, MOID_ACCESS, MOID_SESSION];

/** The device itself keeps DevInfo and Session Information; of the access control MO servers write the entries. */
export const STANDARD_DEFINITIONS: readonly Definition[] = [
  {
    moid: MOID_DEVINFO,
    nodes: [
      '. node R 1 P',
      'DevID chr R ? P',
      'Man chr R ? P',
      'Mod chr R ? P',
      'DmV chr R ? P',
      'Lang chr R ? P',
      'DevType chr R ? P',
      'OEM chr R ? P',
      'FwV chr R ? P',
      'SwV chr R ? P',
      'HwV chr R ? P',
      'Bearer any R ? P',
      'Ext any R ? P',
    ],
  },
  {
    moid: MOID_ACCOUNT,
    nodes: [
      '. node RW *',
      'SrvID chr RW 1',
      'SrvURI chr RW 1',
      'Name chr RW ?',
      'Perm node - ? P',
      'Perm/* node - *',
      'Perm/*/MOID chr - ?',
      // Permanent, or a server could remove Bootstrap with it.
      'Auth node RW ? P',
      'Auth/Bootstrap node R ? P',
      'Auth/Bootstrap/ServerURI chr R ?',
      'Auth/Bootstrap/SecMode any R ?',
      'Auth/Bootstrap/ClientPubKey chr R ?',
      'Auth/Bootstrap/ServerPubKey chr R ?',
      'Auth/Bootstrap/ClientSecretKey chr - ?',
      'Auth/Noti node RW ?',
      'Auth/Noti/Type chr RW ?',
      'Auth/Noti/Data chr RW ?',
      'Auth/Noti/Secret chr W ?',
      'Auth/Trsp node RW ?',
      'Auth/Trsp/Data chr RW ?',
      'Auth/Trsp/Secret chr W ?',
      'Push any RW ?',
      'Ext any RW ?',
    ],
  },
  {
    moid: MOID_ACCESS,
    nodes: [
      '. node R 1 P',
      '* node RW * P',
      '*/MO chr RW 1 P',
      '*/Acl node RW ?',
      '*/Acl/* node RW *',
      '*/Acl/*/SrvID chr RW 1',
      '*/Acl/*/Rights chr RW 1',
    ],
  },
  {
    moid: MOID_SESSION,
    nodes: ['. node R 1 P', 'CBT int R ? P', 'ROAMING int R ? P'],
  },
];
