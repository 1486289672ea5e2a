/*
 * Makes of the root machine what the linker makes of it: byte code in flash with its names interned, everything frozen,
 * and nothing in it that a clone's collector would take for a chunk of its own.
 */
#include "host.h"

typedef struct {
	const char* at;
	const char* end;
} Stream;

static int nextByte(Stream* stream)
{
	return stream->at < stream->end ? (txU1)*stream->at++ : C_EOF;
}

/* The byte code of a function or string that is marked as archived is used where it lies, instead of being copied to a chunk. */
static txU1 archived(txU1 code)
{
	switch (code) {
	case XS_CODE_CODE_1: return XS_CODE_CODE_ARCHIVE_1;
	case XS_CODE_CODE_2: return XS_CODE_CODE_ARCHIVE_2;
	case XS_CODE_CODE_4: return XS_CODE_CODE_ARCHIVE_4;
	case XS_CODE_STRING_1: return XS_CODE_STRING_ARCHIVE_1;
	case XS_CODE_STRING_2: return XS_CODE_STRING_ARCHIVE_2;
	case XS_CODE_STRING_4: return XS_CODE_STRING_ARCHIVE_4;
	default: return code;
	}
}

/* Walks the code. A size of 0 says that an ID follows; -1, -2 or -4 that a length of so many bytes follows, and as much data. */
static void linkCode(txByte* p, txByte* end, txID* ids)
{
	while (p < end) {
		txU1 code = archived(*(txU1*)p);
		txS1 size = gxCodeSizes[code];
		*(txU1*)p = code;
		if (size > 0)
			p += size;
		else if (size == 0) {
			txID id;
			p++;
			mxDecodeID(p, id);
			p -= sizeof(txID);
			if (id != XS_NO_ID)
				id = ids[id];
			mxEncodeID(p, id);
		}
		else {
			txS4 length = 0;
			memcpy(&length, p + 1, (size_t)-size);
			p += 1 - size + length;
		}
	}
}

void compileModule(txMachine* root, Module* module)
{
	txParser parser;
	txParserJump jump;
	Stream stream = { module->source, module->source + module->length };
	txScript* script = NULL;
	txByte* p;
	txID count, i;
	txID* ids;
	fxInitializeParser(&parser, root, root->parserBufferSize, root->parserTableModulo);
	parser.firstJump = &jump;
	if (c_setjmp(jump.jmp_buf) == 0) {
		parser.path = fxNewParserSymbol(&parser, module->name);
		fxParserTree(&parser, &stream, (txGetter)nextByte, 0, NULL);
		fxParserHoist(&parser);
		fxParserBind(&parser);
		script = fxParserCode(&parser);
	}
	if (parser.errorCount || !script) {
		char message[512];
		snprintf(message, sizeof(message), "%s: %s", module->name, parser.errorMessage ? parser.errorMessage : "no code");
		finish(NULL, "syntax", message);
	}
	p = (txByte*)script->symbolsBuffer;
	mxDecodeID(p, count);
	ids = malloc(count * sizeof(txID));
	ids[0] = XS_NO_ID;
	for (i = 1; i < count; i++) {
		ids[i] = fxNewNameX(root, (txString)p);
		p += strlen((char*)p) + 1;
	}
	linkCode((txByte*)script->codeBuffer, (txByte*)script->codeBuffer + script->codeSize, ids);
	free(ids);
	fxTerminateParser(&parser);
	/* The module's name too is a key, which its import would else intern at run time. */
	fxNewNameX(root, module->name);
	module->code = (txByte*)script->codeBuffer;
	module->codeSize = script->codeSize;
	module->namesSize = script->symbolsSize;
	/* The script's buffers stay for good: they are the flash. */
}

static void eachSlot(txMachine* the, void (*visit)(txMachine*, txSlot*))
{
	txSlot* heap;
	txSlot* slot;
	for (heap = the->firstHeap; heap; heap = heap->next)
		for (slot = heap + 1; slot < heap->value.reference; slot++)
			visit(the, slot);
	for (slot = the->stack; slot < the->stackTop; slot++)
		visit(the, slot);
}

static void eachItem(txMachine* the, txSlot* array, void (*visit)(txMachine*, txSlot*))
{
	txSlot* item = array->value.array.address;
	txIndex count = item ? fxGetIndexSize(the, array) : 0;
	for (; count > 0; count--, item++)
		visit(the, item);
}

static void freezeProperty(txMachine* the, txSlot* property)
{
	if (property->kind != XS_ACCESSOR_KIND)
		property->flag |= XS_DONT_SET_FLAG;
	property->flag |= XS_DONT_DELETE_FLAG;
}

static void freezeSlot(txMachine* the, txSlot* slot)
{
	if (slot->kind == XS_INSTANCE_KIND) {
		txSlot* property;
		slot->flag |= XS_DONT_PATCH_FLAG;
		for (property = slot->next; property; property = property->next) {
			freezeProperty(the, property);
			if (property->kind == XS_ARRAY_KIND)
				eachItem(the, property, freezeProperty);
		}
	}
	else if (slot->kind == XS_CLOSURE_KIND && slot->value.closure)
		slot->value.closure->flag |= XS_DONT_SET_FLAG;
}

/*
 * A device freezes built-ins, functions, classes, Map, Set and typed arrays; a plain object, an array or a `let` at module
 * level can be written to, at the price of a pointer in RAM for each of them. Here all of it is frozen, so that a module
 * that keeps state there fails in a test; `countMutable` says how many pointers a device would spend.
 */
void freeze(txMachine* root)
{
	fxCollectGarbage(root);
	eachSlot(root, freezeSlot);
}

static int gMutable;

static int isFunction(txSlot* slot)
{
	return slot->kind == XS_REFERENCE_KIND && mxIsFunction(slot->value.reference);
}

static void countVariable(txSlot* variable)
{
	if ((variable->flag & (XS_DONT_SET_FLAG | XS_INSPECTOR_FLAG)) || isFunction(variable))
		return;
	variable->flag |= XS_INSPECTOR_FLAG;
	gMutable++;
}

static void countInstance(txMachine* the, txSlot* instance)
{
	txSlot* property = instance->next;
	int plain = !property || !(property->flag & XS_INTERNAL_FLAG) || property->kind == XS_ARRAY_KIND;
	if (plain && !(instance->flag & XS_DONT_PATCH_FLAG))
		gMutable++;
	if (instance->flag & XS_CAN_CONSTRUCT_FLAG)
		for (; property; property = property->next)
			if (property->ID == mxID(_prototype) && property->kind == XS_REFERENCE_KIND)
				gMutable--;
}

static void countSlot(txMachine* the, txSlot* slot)
{
	if (slot->kind == XS_CLOSURE_KIND && slot->value.closure)
		countVariable(slot->value.closure);
	else if (slot->kind == XS_INSTANCE_KIND)
		countInstance(the, slot);
}

static void uncountSlot(txMachine* the, txSlot* slot)
{
	if (slot->kind == XS_CLOSURE_KIND && slot->value.closure)
		slot->value.closure->flag &= ~XS_INSPECTOR_FLAG;
}

/* Plain objects, arrays and variables that are neither constant nor functions; a class's prototype is part of it. */
int countMutable(txMachine* root)
{
	gMutable = 0;
	fxCollectGarbage(root);
	eachSlot(root, countSlot);
	eachSlot(root, uncountSlot);
	return gMutable;
}

static void detachSlot(txMachine* the, txSlot* slot)
{
	switch (slot->kind) {
	case XS_STRING_KIND: slot->kind = XS_STRING_X_KIND; break;
	case XS_KEY_KIND: slot->kind = XS_KEY_X_KIND; break;
	case XS_CODE_KIND: slot->kind = XS_CODE_X_KIND; break;
	case XS_BIGINT_KIND: slot->kind = XS_BIGINT_X_KIND; break;
	case XS_ARRAY_KIND: eachItem(the, slot, detachSlot); break;
	default: break;
	}
}

/*
 * A clone copies values out of the root. The kinds that own a chunk become those that do not: else the clone's collector
 * would mark chunks of the root, and move what it believes to be its own.
 */
void detachChunks(txMachine* root)
{
	eachSlot(root, detachSlot);
}
