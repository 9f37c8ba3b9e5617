// SPDX-License-Identifier: Apache-2.0
//
// One HTTP request through libcurl, whose options take arguments that Swift cannot pass.
#ifndef RENFLOU_CTRANSFER_H
#define RENFLOU_CTRANSFER_H

#include <stddef.h>
#include <stdint.h>

// A part of a form (multipart/form-data). Strings end with a zero; those that may be missing are NULL.
typedef struct ct_part {
  const char *name;
  const char *type;       // its media type, or NULL
  const char *file_name;  // or NULL
  const uint8_t *bytes;
  size_t count;
} ct_part;

typedef struct ct_request {
  const char *method;
  const char *url;
  const char *const *headers;  // "Name: value"
  size_t header_count;
  const uint8_t *body;         // or NULL: none
  size_t body_count;
  const ct_part *parts;        // of a form; none where there is a body
  size_t part_count;
  const char *authorities;     // a file of certificates to trust, or NULL: the system's
  const char *agent;
  int bypasses_proxy;
  long seconds;                // how long nothing may move
  size_t longest_answer;       // bytes
} ct_request;

typedef struct ct_response {
  int failure;        // 0, or libcurl's number
  int may_have_left;  // whether the request, or part of it, went out
  long status;
  uint8_t *body;
  size_t body_count;
  char words[256];    // what libcurl says of the failure
} ct_response;

void ct_perform(const ct_request *request, ct_response *response);
void ct_free(ct_response *response);

#endif
