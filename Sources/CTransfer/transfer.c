// SPDX-License-Identifier: Apache-2.0
#include "CTransfer.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

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
  curl_mime *mime = curl_mime_init(curl);
  for (size_t index = 0; mime && index < request->part_count; index++) {
    const ct_part *part = &request->parts[index];
    curl_mimepart *own = curl_mime_addpart(mime);
    if (!own) break;
    curl_mime_name(own, part->name);
    curl_mime_data(own, (const char *)part->bytes, part->count);
    if (part->type) curl_mime_type(own, part->type);
    if (part->file_name) curl_mime_filename(own, part->file_name);
  }
  return mime;
}

void ct_perform(const ct_request *request, ct_response *response) {
  memset(response, 0, sizeof *response);
  CURL *curl = curl_easy_init();
  if (!curl) {
    response->failure = CURLE_FAILED_INIT;
    return;
  }
  answer answer = {response, request->longest_answer};
  struct curl_slist *headers = NULL;
  for (size_t index = 0; index < request->header_count; index++)
    headers = curl_slist_append(headers, request->headers[index]);
  // Answers to a large body need not be asked for first.
  headers = curl_slist_append(headers, "Expect:");
  curl_mime *mime = NULL;

  curl_easy_setopt(curl, CURLOPT_URL, request->url);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, response->words);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, request->agent);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // Secrets go where they were sent, and nowhere that an answer points to.
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, request->seconds < 15 ? request->seconds : 15L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, request->seconds);
  // A new connection each time: one that was kept may be half closed, and then nobody knows what
  // arrived.
  curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
  if (request->authorities) curl_easy_setopt(curl, CURLOPT_CAINFO, request->authorities);
  if (request->bypasses_proxy) curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  if (request->part_count > 0) {
    mime = form(curl, request);
    curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime);
  } else if (request->body) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_count);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);

  response->failure = curl_easy_perform(curl);
  if (response->failure != 0 && response->words[0] == 0)
    strncpy(response->words, curl_easy_strerror(response->failure), sizeof response->words - 1);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response->status);
  curl_off_t ready = 0;
  curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &ready);
  response->may_have_left = ready > 0;

  curl_mime_free(mime);
  curl_slist_free_all(headers);
  curl_easy_cleanup(curl);
}

void ct_free(ct_response *response) {
  free(response->body);
  response->body = NULL;
}
