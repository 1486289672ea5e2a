/*
 * The job: lines of a word and its values; a line that ends with a count of bytes has those bytes after it.
 *
 *   pool 32768
 *   chunks 1536 512        initial, incremental: bytes
 *   slots 512 64           initial, incremental
 *   keys 32 0              initial, incremental
 *   stack 256
 *   preload NAME COUNT     a module that is loaded before the machine is frozen
 *   module NAME COUNT      a module that the program imports
 *   input COUNT            bytes that the program reads piece by piece
 *   program NAME           the module that the clone imports
 *   watch 1                report the most memory in use, without garbage
 */
#include "host.h"

Job gJob;

void fail(const char* format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(2);
}

static void* allocate(size_t size)
{
	void* result = calloc(1, size);
	if (!result)
		fail("no memory for the host");
	return result;
}

static char* readBytes(size_t length)
{
	char* bytes = allocate(length + 1);
	if (fread(bytes, 1, length, stdin) != length || fgetc(stdin) != '\n')
		fail("job cut short");
	return bytes;
}

static void addModule(char* name, size_t length, int preload)
{
	Module** address = &gJob.modules;
	Module* module = allocate(sizeof(Module));
	while (*address)
		address = &(*address)->next;
	*address = module;
	module->name = strdup(name);
	module->source = readBytes(length);
	module->length = length;
	module->preload = preload;
}

static void addInput(size_t length)
{
	Input** address = &gJob.inputs;
	while (*address)
		address = &(*address)->next;
	*address = allocate(sizeof(Input));
	(*address)->bytes = (txU1*)readBytes(length);
	(*address)->length = length;
}

void readJob(void)
{
	txCreation* creation = &gJob.creation;
	char line[512], name[256];
	unsigned long a, b;
	/* As in the SDK's basic manifest. */
	creation->nameModulo = 53;
	creation->symbolModulo = 3;
	creation->parserBufferSize = 8192;
	creation->parserTableModulo = 1993;
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "pool %lu", &a) == 1)
			gJob.poolSize = (txSize)a;
		else if (sscanf(line, "stack %lu", &a) == 1)
			creation->stackCount = (txSize)a;
		else if (sscanf(line, "chunks %lu %lu", &a, &b) == 2) {
			creation->initialChunkSize = (txSize)a;
			creation->incrementalChunkSize = (txSize)b;
		}
		else if (sscanf(line, "slots %lu %lu", &a, &b) == 2) {
			creation->initialHeapCount = (txSize)a;
			creation->incrementalHeapCount = (txSize)b;
		}
		else if (sscanf(line, "keys %lu %lu", &a, &b) == 2) {
			creation->initialKeyCount = (txSize)a;
			creation->incrementalKeyCount = (txSize)b;
		}
		else if (sscanf(line, "preload %255s %lu", name, &a) == 2)
			addModule(name, a, 1);
		else if (sscanf(line, "module %255s %lu", name, &a) == 2)
			addModule(name, a, 0);
		else if (sscanf(line, "input %lu", &a) == 1)
			addInput(a);
		else if (sscanf(line, "watch %lu", &a) == 1)
			gJob.watch = (int)a;
		else if (sscanf(line, "program %255s", name) == 1)
			gJob.program = strdup(name);
		else
			fail("job: %s", line);
	}
}
