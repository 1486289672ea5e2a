/* What the engine's headers ask of a platform (XSPLATFORM): a host that gives a machine memory as a microcontroller does. */
#ifndef XS_TEST_PLATFORM_H
#define XS_TEST_PLATFORM_H

#undef mxLittleEndian
#define mxLittleEndian 1
#if defined(__APPLE__)
#undef mxMacOSX
#define mxMacOSX 1
#else
#undef mxLinux
#define mxLinux 1
#endif
#define mxExport extern
#define mxImport extern

#include <arpa/inet.h>
#include <ctype.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define mxUseDefaultBuildKeys 1
#define mxUseDefaultParseScript 1
#define mxUseDefaultSharedChunks 1

/* The pool is the clone's; the root machine, which stands for flash, has none and takes its memory from the process. */
#define mxMachinePlatform \
	struct sxPool* pool; \
	int promiseJobs;

#endif
