#ifndef C_DISK_FAULTS_H
#define C_DISK_FAULTS_H
#endif
