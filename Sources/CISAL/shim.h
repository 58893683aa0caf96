#pragma once
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

// A stream is too large to be a value in Swift: it holds its window.
struct logbook_igzip {
  struct isal_zstream stream;
  uint8_t tables[ISAL_DEF_LVL2_DEFAULT];
};

static inline struct logbook_igzip *logbook_igzip_alloc(void) {
  return (struct logbook_igzip *)malloc(sizeof(struct logbook_igzip));
}

// A zlib stream of level 2; 0 where it is longer than the room for it.
static inline size_t logbook_igzip_compress(
    struct logbook_igzip *state, const uint8_t *input, size_t count, uint8_t *output, size_t room) {
  if (count > UINT32_MAX || room > UINT32_MAX) return 0;
  struct isal_zstream *stream = &state->stream;
  isal_deflate_stateless_init(stream);
  stream->level = 2;
  stream->level_buf = state->tables;
  stream->level_buf_size = sizeof(state->tables);
  stream->gzip_flag = IGZIP_ZLIB;
  stream->end_of_stream = 1;
  stream->flush = NO_FLUSH;
  stream->next_in = (uint8_t *)input;
  stream->avail_in = (uint32_t)count;
  stream->next_out = output;
  stream->avail_out = (uint32_t)room;
  return isal_deflate_stateless(stream) == COMP_OK ? stream->total_out : 0;
}
