/*
 * One run: reads a job, makes the root machine that stands for flash, clones it into the pool, imports the program there
 * and runs its event loop. Everything is reported on standard output; an abort ends the process with its reason reported.
 */
#include "host.h"

static Module* moduleNamed(txString name)
{
	Module* module = gJob.modules;
	while (module && strcmp(module->name, name))
		module = module->next;
	return module;
}

/* Names are paths: `./` and `../` at the start are those of the importing module, anything else is a module's whole name. */
static void resolve(txString from, txString name, char* path, size_t size)
{
	char* slash;
	size_t up = 0;
	if (name[0] != '.') {
		snprintf(path, size, "%s", name);
		return;
	}
	snprintf(path, size, "%s", from);
	for (;;) {
		if (!strncmp(name, "./", 2))
			name += 2;
		else if (!strncmp(name, "../", 3)) {
			name += 3;
			up++;
		}
		else
			break;
	}
	for (slash = path + strlen(path); slash > path; slash--)
		if (slash[-1] == '/' && up-- == 0)
			break;
	snprintf(slash, size - (size_t)(slash - path), "%s", name);
}

txID fxFindModule(txMachine* the, txSlot* realm, txID moduleID, txSlot* slot)
{
	char path[512];
	txString from = moduleID == XS_NO_ID ? "" : fxGetKeyName(the, moduleID);
	resolve(from, fxToString(the, slot), path, sizeof(path));
	return moduleNamed(path) ? fxNewNameC(the, path) : XS_NO_ID;
}

void fxLoadModule(txMachine* the, txSlot* slot, txID moduleID)
{
	Module* module = moduleNamed(fxGetKeyName(the, moduleID));
	txScript script;
	memset(&script, 0, sizeof(script));
	script.codeBuffer = (txS1*)module->code;
	script.codeSize = module->codeSize;
	script.path = module->name;
	script.version[0] = XS_MAJOR_VERSION;
	script.version[1] = XS_MINOR_VERSION;
	script.version[2] = XS_PATCH_VERSION;
	fxResolveModule(the, slot, moduleID, &script, NULL, NULL);
}

static void import(txMachine* the, char* name)
{
	mxPushStringX(name);
	fxAwaitImport(the, XS_IMPORT_NAMESPACE);
	mxPop();
}

static void exception(txMachine* the)
{
	static char text[1024];
	txString detail;
	mxPush(mxException);
	detail = fxToString(the, the->stack);
	snprintf(text, sizeof(text), "%s", detail);
	finish(the, "exception", text);
}

static txMachine* makeRoot(void)
{
	/* Large enough that nothing here is a matter of size. */
	txCreation creation = gJob.creation;
	txMachine* the;
	Module* module;
	int mutable;
	creation.initialChunkSize = 16 * 1024 * 1024;
	creation.incrementalChunkSize = 1024 * 1024;
	creation.initialHeapCount = 128 * 1024;
	creation.incrementalHeapCount = 64 * 1024;
	creation.stackCount = 4096;
	creation.initialKeyCount = 16 * 1024;
	creation.incrementalKeyCount = 1024;
	the = fxCreateMachine(&creation, "root", NULL, XS_NO_ID);
	if (!the)
		fail("no root machine");
	fxBeginHost(the);
	buildHost(the);
	for (module = gJob.modules; module; module = module->next) {
		compileModule(the, module);
		reportModule(module);
	}
	mutable = countMutable(the);
	{
		mxTry(the) {
			for (module = gJob.modules; module; module = module->next)
				if (module->preload)
					import(the, module->name);
		}
		mxCatch(the) {
			exception(the);
		}
	}
	mutable = countMutable(the) - mutable;
	freeze(the);
	fxEndHost(the);
	fxShareMachine(the);
	detachChunks(the);
	reportRoot(the, mutable);
	return the;
}

static void run(txMachine* root)
{
	static Pool pool;
	txMachine* the;
	if (posix_memalign((void**)&pool.start, 64, (size_t)gJob.poolSize))
		fail("no memory for the pool");
	pool.end = pool.start + (gJob.poolSize & ~15);
	pool.chunksEnd = pool.start;
	pool.slotsBegin = pool.end;
	the = fxCloneMachine(&gJob.creation, root, "device", &pool);
	paintStack(the);
	reportMemory("begin", "", the);
	fxBeginHost(the);
	{
		mxTry(the) {
			import(the, gJob.program);
			runLoop(the);
		}
		mxCatch(the) {
			exception(the);
		}
	}
	fxEndHost(the);
	finish(the, "ok", "");
}

int main(void)
{
	txMachine* root;
	setvbuf(stdout, NULL, _IOLBF, 0);
	readJob();
	root = makeRoot();
	if (gJob.program)
		run(root);
	return 0;
}
