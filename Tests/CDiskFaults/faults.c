#include "CDiskFaults.h"
