/* Timers and the event loop, on a clock that jumps to the next timer: no run waits. */
#include "host.h"

typedef struct sxTimer {
	struct sxTimer* next;
	txNumber when;
	txInteger id;
	txSlot function;
} Timer;

static Timer* gTimers; /* in the order in which they are due */
static txInteger gLastId;
static txNumber gUptime;

void host_uptime(txMachine* the)
{
	mxResult->kind = XS_NUMBER_KIND;
	mxResult->value.number = gUptime;
}

void host_after(txMachine* the)
{
	txNumber when = gUptime + fxToNumber(the, mxArgv(0));
	Timer** address = &gTimers;
	Timer* timer = calloc(1, sizeof(Timer));
	watchMemory(the);
	timer->when = when;
	timer->id = ++gLastId;
	timer->function.kind = mxArgv(1)->kind;
	timer->function.value = mxArgv(1)->value;
	fxRemember(the, &timer->function);
	while (*address && (*address)->when <= when)
		address = &(*address)->next;
	timer->next = *address;
	*address = timer;
	mxResult->kind = XS_INTEGER_KIND;
	mxResult->value.integer = timer->id;
}

void host_cancel(txMachine* the)
{
	txInteger id = fxToInteger(the, mxArgv(0));
	Timer** address = &gTimers;
	while (*address) {
		Timer* timer = *address;
		if (timer->id == id) {
			*address = timer->next;
			fxForget(the, &timer->function);
			free(timer);
			return;
		}
		address = &timer->next;
	}
}

void fxQueuePromiseJobs(txMachine* the)
{
	the->promiseJobs = 1;
}

static void runPromiseJobs(txMachine* the)
{
	while (the->promiseJobs) {
		the->promiseJobs = 0;
		fxRunPromiseJobs(the);
	}
}

/* Runs until nothing is left to wait for. An exception of a callback leaves through the caller's frame. */
void runLoop(txMachine* the)
{
	runPromiseJobs(the);
	while (gTimers) {
		Timer* timer = gTimers;
		gTimers = timer->next;
		gUptime = timer->when;
		mxPushUndefined();
		mxPushSlot(&timer->function);
		fxForget(the, &timer->function);
		free(timer);
		mxCall();
		mxRunCount(0);
		mxPop();
		runPromiseJobs(the);
	}
	fxCheckUnhandledRejections(the, 1);
}
