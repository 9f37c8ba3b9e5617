// SPDX-License-Identifier: Apache-2.0
#ifndef RENFLOU_CSIGNATURESCAN_H
#define RENFLOU_CSIGNATURESCAN_H
#endif
