/*
 * The engine's table of optional parts, without those that the linker strips from a device build: names and lengths of
 * functions and the stack of an error. They would cost each closure two slots that a device does not spend.
 */
#include "xsAll.h"

#define fxNewFunctionLength C_NULL
#define fxNewFunctionName C_NULL
#define fxCaptureErrorStack C_NULL

#include "xsDefaults.c"
