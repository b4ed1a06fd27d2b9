/*
 * The floor under the SHARDED vote: plain sockets moving the same datagrams, and nothing else.
 *
 * Every rank sends one ballot a chunk to the chunk's tallier, rank (chunk + round) mod M; once the ballots of all
 * other ranks are in, the tallier sends one verdict to each of them. A datagram is as long as Aeron's would be:
 *
 *   | 32 bytes, Aeron's header | 96 bytes, ours | packed signs |    at most floor((mtu - 28) / 32) * 32 bytes
 *
 * At most `credits` ballots are open (sent, no verdict yet) towards a tallier, so that no queue overflows; nothing is
 * sent twice, and a datagram that gets lost fails the run. A rank enters a round when it holds all verdicts of the one
 * before and has sent all of its own, so nobody is ever more than one round ahead. Signs are not tallied: a verdict
 * carries the tallier's own signs. One thread, one non-blocking socket, poll when there is nothing to do.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { AERON_HEADER_LENGTH = 32, HEADER_LENGTH = AERON_HEADER_LENGTH + 96, IP_UDP_LENGTH = 28, MAX_WORLD_SIZE = 255 };

enum kind { HELLO = 1, BALLOT = 2, VERDICT = 3 };

struct header {
    uint8_t aeron[AERON_HEADER_LENGTH];
    uint32_t kind;
    uint32_t rank;
    uint32_t round;
    uint32_t chunk;
    uint32_t everyone_heard; /* HELLO only */
    uint8_t unused[76];
};

_Static_assert(sizeof(struct header) == HEADER_LENGTH, "the header is 128 bytes long");

/* main.c: options and identity */
extern long count;
extern int rounds, trains, warmup_rounds, credits, mtu, port, receive_buffer, send_buffer;
extern bool is_batched;
extern const char *interface;
extern int rank, world_size;

__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);
int64_t now_ns(void);
void *allocate(long bytes);

/* vote.c: who tallies what, and the state of the round */
extern int chunk_length; /* bytes of packed signs of a full chunk */
extern int chunk_count;
extern long stride;        /* bytes from one chunk's datagram to the next */
extern uint8_t *datagrams; /* one for each chunk: header room, then this rank's signs */
extern int round_id;

void conclude(void);
void run_round(int round);
void on_datagram(const uint8_t *data, ssize_t length);

/* wire.c: the socket */
extern long datagrams_in, datagrams_out;

void open_socket(const char *master);
void await_everyone(void);
void await_datagrams(bool is_blocked, int limit_ms);
bool send_chunk(enum kind kind, int chunk, int to); /* false: the socket takes nothing more now */
bool flush_batch(void);                             /* likewise */
bool is_batch_empty(void);
void send_hello(int to, bool everyone_heard);
int receive_some(void);

static inline int chunk_bytes(const int chunk) {
    const long words = (count + 63) / 64;
    const long words_before = (long)chunk * (chunk_length / 8);
    const long left = (words - words_before) * 8;
    return left < chunk_length ? (int)left : chunk_length;
}

static inline int tallier(const int chunk, const int round) {
    return (int)(((long)chunk + round) % world_size);
}

static inline uint8_t *datagram(const int chunk) {
    return datagrams + chunk * stride;
}
