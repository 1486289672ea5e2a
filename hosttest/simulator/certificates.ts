import { X509Certificate } from 'node:crypto';

/** An authority, 2020 to 2120. Nobody has its key any more. */
const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBkjCCATigAwIBAgIBATAKBggqhkjOPQQDAjAfMR0wGwYDVQQDDBRkbWxldCB0
ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFow
HzEdMBsGA1UEAwwUZG1sZXQgdGVzdCBhdXRob3JpdHkwWTATBgcqhkjOPQIBBggq
hkjOPQMBBwNCAAQ1afsuthAOzSnTUfqfSz2+VMNizJkmZHdJYuNez0rYWk9LQbHq
GJZd/giZeeCC3xbZbS78nrLZWcAkKSsxMERlo2MwYTAPBgNVHRMBAf8EBTADAQH/
MB0GA1UdDgQWBBTue8G7HsuDq9w9u2do0I5w9EoXCTAfBgNVHSMEGDAWgBTue8G7
HsuDq9w9u2do0I5w9EoXCTAOBgNVHQ8BAf8EBAMCAgQwCgYIKoZIzj0EAwIDSAAw
RQIhAIzaFRTtlVDN+b71hwI6PGuquD7NzAuemGPkLYon2i64AiBWinOXKyoWslTR
Sop8NmqOFipM+qVNjNk2XlkvmAXZ7A==
-----END CERTIFICATE-----
`;

/** A key that is no secret, and its certificate by that authority for 127.0.0.1 and localhost. */
const LEAF = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgWfEYs/Z+4YsCGJGa
Jxq6oncfDQxsqSt+/QXMfi528sahRANCAASIya+fFKb0xE2WEQteWEVuLvbIOGU6
BuyiCdg18ErzdVvRevhlfOqNPpB45DBEqW/ZDhCfGwsTQqFK9mBWG/09
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBgTCCASigAwIBAgIBAjAKBggqhkjOPQQDAjAfMR0wGwYDVQQDDBRkbWxldCB0
ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFow
FDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
iMmvnxSm9MRNlhELXlhFbi72yDhlOgbsognYNfBK83Vb0Xr4ZXzqjT6QeOQwRKlv
2Q4QnxsLE0KhSvZgVhv9PaNeMFwwGgYDVR0RBBMwEYcEfwAAAYIJbG9jYWxob3N0
MB0GA1UdDgQWBBRSEGm8ddYKEOpk6AGdc+GKgNPX1zAfBgNVHSMEGDAWgBTue8G7
HsuDq9w9u2do0I5w9EoXCTAKBggqhkjOPQQDAgNHADBEAiAfF26Ageq1HAPPuinS
5HBprJTnhar5dyEQP+S95R5UvQIgCOs9kT5POfipXG/MPtzyRzAzwSF6IBFdcZU0
xK5EUzI=
-----END CERTIFICATE-----
`,
};

/**
 * What a server shows. The authority's own certificate is with it: where a server shows only one, the SDK never finds its name in it, and refuses it
 * (`verify` of modules/crypt/ssl/ssl_cert.js).
 */
export const SERVER_TLS = { key: LEAF.key, cert: LEAF.cert + AUTHORITY };

/** The authority, as a firmware has it. */
export const AUTHORITY_DER = new X509Certificate(AUTHORITY).raw;
