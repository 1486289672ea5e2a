/** Names of DevInfo, DevDetail, FUMO, ConnMO and DM Account nodes, 2 to 9 letters. */
const WORDS = [
  ...['DevID', 'Man', 'Mod', 'DmV', 'Lang', 'Ext', 'Bearer'],
  ...['DevTyp', 'OEM', 'FwV', 'SwV', 'HwV', 'LrgObj', 'URI', 'MaxDepth', 'MaxTotLen', 'MaxSegLen'],
  ...['PkgName', 'Download', 'PkgURL', 'Update', 'PkgData', 'State'],
  ...[
    'NetID',
    'NAP',
    'Px',
    'NAPAuth',
    'AuthType',
    'AuthName',
    'Secret',
    'Validity',
    'Days',
    'DNSAddr',
    'Spd',
    'Gateway',
  ],
  ...['AppID', 'ServerID', 'Name', 'PortNbr', 'Op'],
];

/** Children of each node, level by level: 4 + 12 + 36 + 144 = 196 nodes. */
const FAN_OUT = [4, 3, 3, 4];

/** Nodes below the MO root. */
export const NODES = 196;

export const MOID = 'urn:oma:mo:oma-fumo:1.0';
export const MIID = 'm1';

/** An interior node, or a leaf, which has a value and no children. */
export interface SampleNode {
  readonly name: string;
  readonly value: string;
  readonly children: readonly SampleNode[];
}

/** The tree that the budgets are about: the children of its MO root. Names go round the words in document order. */
export function sampleTree(): SampleNode[] {
  let nodes = 0;
  let leaves = 0;
  const children = (level: number): SampleNode[] =>
    Array.from({ length: FAN_OUT[level] }, () => {
      const name = WORDS[nodes % WORDS.length];
      nodes += 1;
      if (level < FAN_OUT.length - 1) return { name, value: '', children: children(level + 1) };
      leaves += 1;
      return { name, value: `value-${String(leaves).padStart(4, '0')}`, children: [] };
    });
  return children(0);
}

/** The ClientURIs of all leaves, in document order. */
export function leafUris(nodes: readonly SampleNode[], above = `${MOID}/${MIID}`): string[] {
  return nodes.flatMap(({ name, children }) => {
    const uri = `${above}/${name}`;
    return children.length === 0 ? [uri] : leafUris(children, uri);
  });
}
