#ifndef SIGNET_CLMDB_SHIM_H
#define SIGNET_CLMDB_SHIM_H

#include <lmdb.h>

#endif
