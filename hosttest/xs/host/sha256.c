/* SHA-256 (FIPS 180-4). Its state is a chunk of the machine, as that of a device's native digest is. */
#include "host.h"

typedef struct {
	txU4 hash[8];
	txU4 length;
	txU1 block[64];
} Sha256;

static const txU4 K[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const txU4 START[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

#define ROTATE(X, N) (((X) >> (N)) | ((X) << (32 - (N))))

static void compress(Sha256* self)
{
	txU4 w[64], s[8], a, b;
	int i;
	for (i = 0; i < 16; i++) {
		txU1* p = self->block + 4 * i;
		w[i] = ((txU4)p[0] << 24) | ((txU4)p[1] << 16) | ((txU4)p[2] << 8) | p[3];
	}
	for (; i < 64; i++) {
		a = ROTATE(w[i - 15], 7) ^ ROTATE(w[i - 15], 18) ^ (w[i - 15] >> 3);
		b = ROTATE(w[i - 2], 17) ^ ROTATE(w[i - 2], 19) ^ (w[i - 2] >> 10);
		w[i] = w[i - 16] + a + w[i - 7] + b;
	}
	memcpy(s, self->hash, sizeof(s));
	for (i = 0; i < 64; i++) {
		a = s[7] + (ROTATE(s[4], 6) ^ ROTATE(s[4], 11) ^ ROTATE(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i];
		b = (ROTATE(s[0], 2) ^ ROTATE(s[0], 13) ^ ROTATE(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
		memmove(s + 1, s, 7 * sizeof(txU4));
		s[4] += a;
		s[0] = a + b;
	}
	for (i = 0; i < 8; i++)
		self->hash[i] += s[i];
}

static void add(Sha256* self, const txU1* bytes, txSize count)
{
	for (; count > 0; count--) {
		self->block[self->length++ % 64] = *bytes++;
		if (self->length % 64 == 0)
			compress(self);
	}
}

void host_sha256(txMachine* the)
{
	Sha256* self;
	fxNewHostObject(the, NULL);
	mxPullSlot(mxResult);
	self = fxSetHostChunk(the, mxResult, NULL, sizeof(Sha256));
	memcpy(self->hash, START, sizeof(START));
}

void host_sha256Update(txMachine* the)
{
	Sha256* self = fxGetHostChunk(the, mxArgv(0));
	txSize length, from, to;
	txU1* bytes = bytesArgument(the, 1, &length);
	argumentRange(the, 2, length, &from, &to);
	add(self, bytes + from, to - from);
}

void host_sha256Finish(txMachine* the)
{
	Sha256 self = *(Sha256*)fxGetHostChunk(the, mxArgv(0));
	txU8 bits = (txU8)self.length * 8;
	txU1 bytes[32];
	int i;
	add(&self, (const txU1*)"\x80", 1);
	while (self.length % 64 != 56)
		add(&self, (const txU1*)"", 1);
	for (i = 0; i < 8; i++)
		bytes[i] = (txU1)(bits >> (56 - 8 * i));
	add(&self, bytes, 8);
	for (i = 0; i < 32; i++)
		bytes[i] = (txU1)(self.hash[i / 4] >> (24 - 8 * (i % 4)));
	fxArrayBuffer(the, mxResult, bytes, 32, 32);
}
