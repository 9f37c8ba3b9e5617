// SPDX-License-Identifier: Apache-2.0
#include "CTransfer.h"

// Its checks of types know the function by its own name alone.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// libcurl is loaded when the first request is made: it brings thirty libraries along, which no other
// command should wait for or need.
static struct {
  CURL *(*init)(void);
  CURLcode (*set)(CURL *, CURLoption, ...);
  CURLcode (*get)(CURL *, CURLINFO, ...);
  CURLcode (*perform)(CURL *);
  void (*cleanup)(CURL *);
  const char *(*words)(CURLcode);
  struct curl_slist *(*append)(struct curl_slist *, const char *);
  void (*free_list)(struct curl_slist *);
  curl_mime *(*form)(CURL *);
  void (*free_form)(curl_mime *);
  curl_mimepart *(*add_part)(curl_mime *);
  CURLcode (*part_name)(curl_mimepart *, const char *);
  CURLcode (*part_data)(curl_mimepart *, const char *, size_t);
  CURLcode (*part_type)(curl_mimepart *, const char *);
  CURLcode (*part_file_name)(curl_mimepart *, const char *);
} lib;
static int is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  const char *names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
  void *handle = NULL;
  for (size_t index = 0; !handle && index < sizeof names / sizeof *names; index++)
    handle = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
  if (!handle) return;
  struct { const char *name; void *place; } calls[] = {
    {"curl_easy_init", &lib.init}, {"curl_easy_setopt", &lib.set},
    {"curl_easy_getinfo", &lib.get}, {"curl_easy_perform", &lib.perform},
    {"curl_easy_cleanup", &lib.cleanup}, {"curl_easy_strerror", &lib.words},
    {"curl_slist_append", &lib.append}, {"curl_slist_free_all", &lib.free_list},
    {"curl_mime_init", &lib.form}, {"curl_mime_free", &lib.free_form},
    {"curl_mime_addpart", &lib.add_part}, {"curl_mime_name", &lib.part_name},
    {"curl_mime_data", &lib.part_data}, {"curl_mime_type", &lib.part_type},
    {"curl_mime_filename", &lib.part_file_name},
  };
  for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
    void *call = dlsym(handle, calls[index].name);
    if (!call) return;
    memcpy(calls[index].place, &call, sizeof call);
  }
  is_loaded = 1;
}

typedef struct answer {
  ct_response *response;
  size_t longest;
} answer;

static size_t take(char *bytes, size_t size, size_t count, void *context) {
  answer *answer = context;
  ct_response *response = answer->response;
  size_t length = size * count;
  if (length > answer->longest - response->body_count) return 0;
  uint8_t *grown = realloc(response->body, response->body_count + length);
  if (!grown && length > 0) return 0;
  response->body = grown;
  memcpy(grown + response->body_count, bytes, length);
  response->body_count += length;
  return length;
}

static curl_mime *form(CURL *curl, const ct_request *request) {
  curl_mime *mime = lib.form(curl);
  for (size_t index = 0; mime && index < request->part_count; index++) {
    const ct_part *part = &request->parts[index];
    curl_mimepart *own = lib.add_part(mime);
    if (!own) break;
    lib.part_name(own, part->name);
    lib.part_data(own, (const char *)part->bytes, part->count);
    if (part->type) lib.part_type(own, part->type);
    if (part->file_name) lib.part_file_name(own, part->file_name);
  }
  return mime;
}

void ct_perform(const ct_request *request, ct_response *response) {
  memset(response, 0, sizeof *response);
  pthread_once(&once, load);
  CURL *curl = is_loaded ? lib.init() : NULL;
  if (!curl) {
    response->failure = CURLE_FAILED_INIT;
    strcpy(response->words, "libcurl cannot be loaded (package libcurl4)");
    return;
  }
  answer answer = {response, request->longest_answer};
  struct curl_slist *headers = NULL;
  for (size_t index = 0; index < request->header_count; index++)
    headers = lib.append(headers, request->headers[index]);
  // Answers to a large body need not be asked for first.
  headers = lib.append(headers, "Expect:");
  curl_mime *mime = NULL;

  lib.set(curl, CURLOPT_URL, request->url);
  lib.set(curl, CURLOPT_HTTPHEADER, headers);
  lib.set(curl, CURLOPT_ERRORBUFFER, response->words);
  lib.set(curl, CURLOPT_WRITEFUNCTION, take);
  lib.set(curl, CURLOPT_WRITEDATA, &answer);
  lib.set(curl, CURLOPT_USERAGENT, request->agent);
  lib.set(curl, CURLOPT_NOSIGNAL, 1L);
  // Secrets go where they were sent, and nowhere that an answer points to.
  lib.set(curl, CURLOPT_FOLLOWLOCATION, 0L);
  lib.set(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
#if LIBCURL_VERSION_NUM >= 0x075500
  lib.set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  lib.set(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  lib.set(curl, CURLOPT_CONNECTTIMEOUT, request->seconds < 15 ? request->seconds : 15L);
  lib.set(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  lib.set(curl, CURLOPT_LOW_SPEED_TIME, request->seconds);
  // A new connection each time: one that was kept may be half closed, and then nobody knows what
  // arrived.
  lib.set(curl, CURLOPT_FRESH_CONNECT, 1L);
  lib.set(curl, CURLOPT_FORBID_REUSE, 1L);
  if (request->authorities) lib.set(curl, CURLOPT_CAINFO, request->authorities);
  if (request->bypasses_proxy) lib.set(curl, CURLOPT_NOPROXY, "*");
  if (request->part_count > 0) {
    mime = form(curl, request);
    lib.set(curl, CURLOPT_MIMEPOST, mime);
  } else if (request->body) {
    lib.set(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_count);
    lib.set(curl, CURLOPT_POSTFIELDS, request->body);
  }
  lib.set(curl, CURLOPT_CUSTOMREQUEST, request->method);

  response->failure = lib.perform(curl);
  if (response->failure != 0 && response->words[0] == 0)
    strncpy(response->words, lib.words(response->failure), sizeof response->words - 1);
  lib.get(curl, CURLINFO_RESPONSE_CODE, &response->status);
  curl_off_t ready = 0;
  lib.get(curl, CURLINFO_PRETRANSFER_TIME_T, &ready);
  response->may_have_left = ready > 0;

  lib.free_form(mime);
  lib.free_list(headers);
  lib.cleanup(curl);
}

void ct_free(ct_response *response) {
  free(response->body);
  response->body = NULL;
}
