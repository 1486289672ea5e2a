/* What happened: each line is a name, a space and JSON. A line is written as a whole, so an abort leaves none torn. */
#include "host.h"

#define PAINT 0xA5

static void putJson(txString text)
{
	txInteger c;
	putchar('"');
	while (text) {
		text = mxStringByteDecode(text, &c);
		if (c == C_EOF)
			break;
		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (0x20 <= c && c < 0x7F)
			putchar(c);
		else if (c < 0x10000)
			printf("\\u%04x", c);
		else
			printf("\\u%04x\\u%04x", 0xD7C0 + (c >> 10), 0xDC00 + (c & 0x3FF));
	}
	putchar('"');
}

void reportText(const char* name, txString text)
{
	printf("%s ", name);
	putJson(text);
	putchar('\n');
}

void reportModule(Module* module)
{
	printf("module {\"name\":");
	putJson(module->name);
	printf(",\"code\":%d,\"names\":%d}\n", module->codeSize, module->namesSize);
}

void reportRoot(txMachine* root, int mutable)
{
	printf("root {\"slotSize\":%d,\"keys\":%d,\"slots\":%d,\"chunks\":%d,\"mutable\":%d}\n",
		(int)sizeof(txSlot), root->keyIndex, root->currentHeapCount, root->currentChunksSize, mutable);
}

/* What was never used of the stack keeps its paint, but for its far end, where numbers are converted. */
void paintStack(txMachine* the)
{
	memset(the->stackBottom, PAINT, (size_t)((txByte*)the->stack - (txByte*)the->stackBottom));
}

static int isPainted(txSlot* slot)
{
	txU1* p = (txU1*)slot;
	txU1* end = p + sizeof(txSlot);
	while (p < end && *p == PAINT)
		p++;
	return p == end;
}

static int stackPeak(txMachine* the)
{
	txSlot* slot = the->stack;
	int painted = 0;
	while (slot > the->stackBottom && painted < 8)
		painted = isPainted(--slot) ? painted + 1 : 0;
	return (int)(the->stackTop - slot) - painted;
}

void reportMemory(const char* name, txString label, txMachine* the)
{
	printf("%s {\"label\":", name);
	putJson(label);
	printf(",\"slots\":%d,\"slotsPeak\":%d,\"chunks\":%d,\"chunksPeak\":%d,\"keys\":%d,\"keysFree\":%d,\"stackPeak\":%d,\"poolPeak\":%d}\n",
		the->currentHeapCount, the->peakHeapCount, the->currentChunksSize, the->peakChunksSize,
		the->keyIndex - the->keyOffset, the->keyCount - the->keyIndex, stackPeak(the), the->pool->peak);
}

static int gMostSlots, gMostChunks;

/* Garbage is collected first, so that only what is in use counts. */
void watchMemory(txMachine* the)
{
	int size = (int)sizeof(txSlot);
	if (!gJob.watch)
		return;
	fxCollectGarbage(the);
	if (gMostSlots * size + gMostChunks < (int)the->currentHeapCount * size + the->currentChunksSize) {
		gMostSlots = the->currentHeapCount;
		gMostChunks = the->currentChunksSize;
	}
}

void finish(txMachine* the, const char* how, txString detail)
{
	static int finishing = 0;
	if (finishing)
		_exit(3);
	finishing = 1;
	if (the && the->pool && the->keyArray) {
		reportMemory("end", "", the);
		if (gJob.watch)
			printf("most {\"slots\":%d,\"chunks\":%d}\n", gMostSlots, gMostChunks);
	}
	else if (the && !the->pool)
		reportText("where", "preload");
	reportText(how, detail);
	fflush(stdout);
	_exit(0);
}
