/* The global object `host`: what a program on this machine may ask of the world. Its types are in ../device/host.d.ts. */
#include "host.h"
#include "xsmc.h"

static txU1* bufferArgument(txMachine* the, int index, txSize* length, txBoolean writable)
{
	void* data;
	txUnsigned count;
	if (mxArgc <= index)
		mxTypeError("no bytes");
	_xsmcGetBuffer(the, mxArgv(index), &data, &count, writable);
	*length = (txSize)count;
	return data;
}

/* Bytes to read, which may be in flash. */
txU1* bytesArgument(txMachine* the, int index, txSize* length)
{
	return bufferArgument(the, index, length, 0);
}

/* Bytes to write to. */
txU1* roomArgument(txMachine* the, int index, txSize* length)
{
	return bufferArgument(the, index, length, 1);
}

void argumentRange(txMachine* the, int index, txSize length, txSize* from, txSize* to)
{
	*from = fxToInteger(the, mxArgv(index));
	*to = fxToInteger(the, mxArgv(index + 1));
	if (*from < 0 || *to < *from || length < *to)
		mxRangeError("range");
}

static void resultNumber(txMachine* the, txNumber value)
{
	mxResult->kind = XS_NUMBER_KIND;
	mxResult->value.number = value;
}

static void resultInteger(txMachine* the, txInteger value)
{
	mxResult->kind = XS_INTEGER_KIND;
	mxResult->value.integer = value;
}

static void host_print(txMachine* the)
{
	reportText("print", fxToString(the, mxArgv(0)));
}

/* Bytes that leave the device, with what is no ASCII as dots. */
static void host_sent(txMachine* the)
{
	txSize length, from, to;
	txU1* bytes = bytesArgument(the, 0, &length);
	char text[1024];
	char* p = text;
	argumentRange(the, 1, length, &from, &to);
	for (; from < to && p < text + sizeof(text) - 1; from++)
		*p++ = 0x20 <= bytes[from] && bytes[from] < 0x7F ? (char)bytes[from] : '.';
	*p = 0;
	reportText("sent", text);
}

/* Microseconds of processor time: what other processes do meanwhile does not count. */
static void host_now(txMachine* the)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	resultNumber(the, (txNumber)time.tv_sec * 1e6 + (txNumber)time.tv_nsec / 1e3);
}

/* Twice: some garbage is found only by the second of two collections. */
static void host_gc(txMachine* the)
{
	fxCollectGarbage(the);
	fxCollectGarbage(the);
}

static void host_used(txMachine* the)
{
	resultInteger(the, the->currentHeapCount * (txInteger)sizeof(txSlot) + the->currentChunksSize);
}

static void host_keys(txMachine* the)
{
	resultInteger(the, the->keyIndex - the->keyOffset);
}

/* Reports memory without using any. */
static void host_mark(txMachine* the)
{
	watchMemory(the);
	reportMemory("mark", fxToString(the, mxArgv(0)), the);
}

static Input* inputArgument(txMachine* the)
{
	Input* input = gJob.inputs;
	txInteger index = fxToInteger(the, mxArgv(0));
	while (input && index > 0) {
		input = input->next;
		index--;
	}
	if (!input || index < 0)
		mxRangeError("no such input");
	return input;
}

static void host_inputSize(txMachine* the)
{
	resultInteger(the, (txInteger)inputArgument(the)->length);
}

static void host_read(txMachine* the)
{
	Input* input = inputArgument(the);
	txSize length, from, to, count;
	txSize offset = fxToInteger(the, mxArgv(1));
	txU1* bytes;
	watchMemory(the);
	bytes = roomArgument(the, 2, &length);
	argumentRange(the, 3, length, &from, &to);
	count = (txSize)input->length - offset;
	if (offset < 0 || count < 0)
		mxRangeError("offset");
	if (count > to - from)
		count = to - from;
	memcpy(bytes + from, input->bytes + offset, (size_t)count);
	resultInteger(the, count);
}

/*
 * Length of the UTF-8 sequence at `p`, or 0 where there is none: cut short, overlong, a surrogate, too large.
 * Source: Unicode 15, table 3-7.
 */
static txSize sequence(const txU1* p, const txU1* end)
{
	txU1 low = 0x80, high = 0xBF;
	txSize length, i;
	if (*p < 0x80)
		return 1;
	if (0xC2 <= *p && *p <= 0xDF)
		length = 2;
	else if (0xE0 <= *p && *p <= 0xEF)
		length = 3;
	else if (0xF0 <= *p && *p <= 0xF4)
		length = 4;
	else
		return 0;
	if (*p == 0xE0)
		low = 0xA0;
	else if (*p == 0xED)
		high = 0x9F;
	else if (*p == 0xF0)
		low = 0x90;
	else if (*p == 0xF4)
		high = 0x8F;
	if (end - p < length || p[1] < low || high < p[1])
		return 0;
	for (i = 2; i < length; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

/* In a string of this engine U+0000 is the two bytes C0 80. */
static void host_decode(txMachine* the)
{
	txSize length, from, to, size = 0, at, step;
	txU1* bytes = bytesArgument(the, 0, &length);
	txU1* into;
	argumentRange(the, 1, length, &from, &to);
	for (at = from; at < to; at += step) {
		step = sequence(bytes + at, bytes + to);
		if (step == 0)
			mxTypeError("no UTF-8");
		size += bytes[at] ? step : 2;
	}
	into = fxNewChunk(the, size + 1);
	bytes = bytesArgument(the, 0, &length);
	mxResult->kind = XS_STRING_KIND;
	mxResult->value.string = (txString)into;
	for (at = from; at < to; at++) {
		if (bytes[at])
			*into++ = bytes[at];
		else {
			*into++ = 0xC0;
			*into++ = 0x80;
		}
	}
	*into = 0;
}

/* Decodes one character of a string to UTF-8: a lone surrogate becomes U+FFFD. */
static txString encodeCharacter(txString at, txU1* into, txSize* size)
{
	txInteger c;
	txU1 buffer[8];
	at = mxStringByteDecode(at, &c);
	if (0xD800 <= c && c <= 0xDFFF)
		c = 0xFFFD;
	if (c == 0) {
		buffer[0] = 0;
		*size = 1;
	}
	else
		*size = (txSize)((txU1*)fxUTF8Encode((txString)buffer, c) - buffer);
	if (into)
		memcpy(into, buffer, (size_t)*size);
	return at;
}

static void host_encode(txMachine* the)
{
	txString at;
	txSize size = 0, step;
	txU1* into;
	watchMemory(the);
	at = fxToString(the, mxArgv(0));
	while (*at) {
		at = encodeCharacter(at, NULL, &step);
		size += step;
	}
	into = fxArrayBuffer(the, mxResult, NULL, size, -1);
	for (at = mxArgv(0)->value.string; *at; into += step)
		at = encodeCharacter(at, into, &step);
}

typedef struct {
	const char* name;
	txCallback callback;
	txInteger length;
} Native;

static const Native gNatives[] = {
	{ "print", host_print, 1 },
	{ "sent", host_sent, 3 },
	{ "now", host_now, 0 },
	{ "gc", host_gc, 0 },
	{ "used", host_used, 0 },
	{ "keys", host_keys, 0 },
	{ "mark", host_mark, 1 },
	{ "inputSize", host_inputSize, 1 },
	{ "read", host_read, 5 },
	{ "decode", host_decode, 3 },
	{ "encode", host_encode, 1 },
	{ "flashKeys", host_flashKeys, 1 },
	{ "flashRead", host_flashRead, 2 },
	{ "flashWrite", host_flashWrite, 4 },
	{ "flashRemove", host_flashRemove, 1 },
	{ "sha256", host_sha256, 0 },
	{ "sha256Update", host_sha256Update, 4 },
	{ "sha256Finish", host_sha256Finish, 1 },
	{ "after", host_after, 2 },
	{ "cancel", host_cancel, 1 },
	{ "uptime", host_uptime, 0 },
};

void buildHost(txMachine* the)
{
	const Native* native = gNatives;
	const Native* end = native + sizeof(gNatives) / sizeof(gNatives[0]);
	txSlot* slot;
	mxPush(mxObjectPrototype);
	slot = fxLastProperty(the, fxNewObjectInstance(the));
	for (; native < end; native++)
		slot = fxNextHostFunctionProperty(the, slot, native->callback, native->length, fxNewNameX(the, (txString)native->name), XS_DONT_ENUM_FLAG);
	slot = mxBehaviorSetProperty(the, mxGlobal.value.reference, fxNewNameX(the, "host"), 0, XS_OWN);
	slot->kind = the->stack->kind;
	slot->value = the->stack->value;
	mxPop();
}
