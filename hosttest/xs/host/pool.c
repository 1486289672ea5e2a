/*
 * Memory of a machine. The clone's comes from one pool of a fixed size, as a device's does: one block of chunks grows up
 * from its start, slots grow down from its end, and a request that finds no room between them ends the machine.
 */
#include "host.h"

static void note(Pool* pool)
{
	txSize used = (txSize)((pool->chunksEnd - pool->start) + (pool->end - pool->slotsBegin));
	if (pool->peak < used)
		pool->peak = used;
}

void fxCreateMachinePlatform(txMachine* the)
{
	the->pool = the->context;
	the->promiseJobs = 0;
}

void fxDeleteMachinePlatform(txMachine* the)
{
}

/*
 * The engine asks for a whole new block, header included, and joins it to its first block where that ends at the result.
 * A block that grows in place needs no header, and has some room already: only the difference is taken from the pool.
 */
void* fxAllocateChunks(txMachine* the, txSize size)
{
	Pool* pool = the->pool;
	txBlock* block = the->firstBlock;
	txSize step = size;
	if (!pool)
		return malloc(size);
	if (block)
		step -= (txSize)sizeof(txBlock) + (txSize)(block->limit - block->current);
	if (pool->slotsBegin - pool->chunksEnd < step)
		return NULL;
	pool->chunksEnd += step;
	note(pool);
	if (!block)
		return pool->start;
	the->maximumChunksSize += step - size;
	block->limit = pool->chunksEnd - size;
	return block->limit;
}

void fxFreeChunks(txMachine* the, void* chunks)
{
	if (!the->pool)
		free(chunks);
}

txSlot* fxAllocateSlots(txMachine* the, txSize count)
{
	Pool* pool = the->pool;
	txBlock* block = the->firstBlock;
	txSize size = count * (txSize)sizeof(txSlot);
	if (!pool)
		return malloc(size);
	if (pool->slotsBegin - pool->chunksEnd < size) {
		/* Chunks that a collection frees are given back, from the end of their block. */
		fxCollect(the, XS_COMPACT_FLAG | XS_ORGANIC_FLAG);
		the->maximumChunksSize -= (txSize)(block->limit - block->current);
		block->limit = block->current;
		pool->chunksEnd = block->limit;
		if (pool->slotsBegin - pool->chunksEnd < size)
			return NULL;
	}
	pool->slotsBegin -= size;
	note(pool);
	return (txSlot*)pool->slotsBegin;
}

void fxFreeSlots(txMachine* the, void* slots)
{
	if (!the->pool)
		free(slots);
}

void fxAbort(txMachine* the, int status)
{
	switch (status) {
	case XS_NOT_ENOUGH_MEMORY_EXIT:
		finish(the, "abort", "memory full");
	case XS_STACK_OVERFLOW_EXIT:
		finish(the, "abort", "stack overflow");
	case XS_NO_MORE_KEYS_EXIT:
		finish(the, "abort", "no more keys");
	case XS_UNHANDLED_EXCEPTION_EXIT:
		finish(the, "exception", fxToString(the, &mxException));
	case XS_UNHANDLED_REJECTION_EXIT:
		finish(the, "rejection", fxToString(the, &mxException));
	default:
		finish(the, "abort", "fatal check");
	}
}
