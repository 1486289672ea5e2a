/* A key-value store beside the machine: what the program keeps there is not in its pool. */
#include "host.h"

#define KEY_SIZE 16

typedef struct sxRecord {
	struct sxRecord* next;
	char key[KEY_SIZE];
	size_t length;
	txU1 bytes[];
} Record;

static Record* gRecords;

static Record** find(txMachine* the)
{
	txString key = fxToString(the, mxArgv(0));
	Record** address = &gRecords;
	while (*address && strcmp((*address)->key, key))
		address = &(*address)->next;
	return address;
}

void host_flashKeys(txMachine* the)
{
	Record* record;
	for (record = gRecords; record; record = record->next) {
		mxPushUndefined();
		mxPushSlot(mxArgv(0));
		mxCall();
		mxPushStringC(record->key);
		mxRunCount(1);
		mxPop();
	}
}

/* The value's length, -1 where there is none; as much of it as fits is copied. */
void host_flashRead(txMachine* the)
{
	Record* record = *find(the);
	txSize size;
	txU1* into;
	watchMemory(the);
	into = roomArgument(the, 1, &size);
	mxResult->kind = XS_INTEGER_KIND;
	mxResult->value.integer = -1;
	if (!record)
		return;
	memcpy(into, record->bytes, record->length < (size_t)size ? record->length : (size_t)size);
	mxResult->value.integer = (txInteger)record->length;
}

void host_flashRemove(txMachine* the)
{
	Record** address = find(the);
	Record* record = *address;
	if (record) {
		*address = record->next;
		free(record);
	}
}

void host_flashWrite(txMachine* the)
{
	txSize size, from, to;
	txU1* bytes;
	Record* record;
	watchMemory(the);
	host_flashRemove(the);
	bytes = bytesArgument(the, 1, &size);
	argumentRange(the, 2, size, &from, &to);
	if (strlen(mxArgv(0)->value.string) >= KEY_SIZE)
		mxRangeError("key");
	record = malloc(sizeof(Record) + (size_t)(to - from));
	strcpy(record->key, mxArgv(0)->value.string);
	record->length = (size_t)(to - from);
	memcpy(record->bytes, bytes + from, record->length);
	record->next = gRecords;
	gRecords = record;
}
