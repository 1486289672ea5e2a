/* The parts of the host, and what they know of each other. */
#ifndef XS_TEST_HOST_H
#define XS_TEST_HOST_H

#include "xsAll.h"
#include "xsScript.h"

/* ---- pool.c: the clone's memory, one static block ---- */

typedef struct sxPool {
	txByte* start;
	txByte* chunksEnd; /* chunks grow up to here */
	txByte* slotsBegin; /* slots grow down to here */
	txByte* end;
	txSize peak;
} Pool;

/* ---- job.c: what to do, as it was read from standard input ---- */

typedef struct sxModule {
	struct sxModule* next;
	char* name;
	char* source;
	size_t length;
	int preload;
	txByte* code;
	txSize codeSize;
	txSize namesSize;
} Module;

typedef struct sxInput {
	struct sxInput* next;
	txU1* bytes;
	size_t length;
} Input;

typedef struct {
	txCreation creation;
	txSize poolSize;
	char* program; /* name of the module that the clone imports; none: sizes only */
	int watch; /* collect garbage whenever the program asks for something, to see the most memory in use */
	Module* modules;
	Input* inputs;
} Job;

extern Job gJob;
void readJob(void);
void fail(const char* format, ...);

/* ---- report.c: lines of a name, a space and JSON on standard output ---- */

void reportText(const char* name, txString text);
void reportModule(Module* module);
void reportRoot(txMachine* root, int mutable);
void reportMemory(const char* name, txString label, txMachine* the);
void paintStack(txMachine* the);
void watchMemory(txMachine* the);
XS_FUNCTION_NORETURN void finish(txMachine* the, const char* how, txString detail);

/* ---- rom.c: the root machine, as the linker leaves it in flash ---- */

void compileModule(txMachine* root, Module* module);
int countMutable(txMachine* root);
void freeze(txMachine* root);
void detachChunks(txMachine* root);

/* ---- natives.c, flash.c, sha256.c, timers.c: the global object `host` ---- */

void buildHost(txMachine* root);
txU1* bytesArgument(txMachine* the, int index, txSize* length);
txU1* roomArgument(txMachine* the, int index, txSize* length);
void argumentRange(txMachine* the, int index, txSize length, txSize* from, txSize* to);

void host_flashKeys(txMachine* the);
void host_flashRead(txMachine* the);
void host_flashWrite(txMachine* the);
void host_flashRemove(txMachine* the);

void host_sha256(txMachine* the);
void host_sha256Update(txMachine* the);
void host_sha256Finish(txMachine* the);

void host_after(txMachine* the);
void host_cancel(txMachine* the);
void host_uptime(txMachine* the);
void runLoop(txMachine* the);

#endif
