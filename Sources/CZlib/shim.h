#ifndef SIGNET_CZLIB_SHIM_H
#define SIGNET_CZLIB_SHIM_H

#include <zlib.h>

#endif
