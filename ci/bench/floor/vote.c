/* The rounds: which chunks go where, what is open, what is complete. */
#include "floor.h"

#include <string.h>

enum {
    SEND_LIMIT = 64,        /* datagrams sent before the socket is read again */
    SILENCE_LIMIT_MS = 2000 /* without a datagram, in the middle of a round: something was lost */
};

int chunk_length, chunk_count;
long stride;
uint8_t *datagrams;
int round_id;

static uint8_t *ballots_in[2];          /* [round & 1][chunk]: ballots that came; the next round's may come early */
static uint8_t *verdict_in;             /* [chunk], of this round */
static int verdicts_held;               /* of this round, our own included */
static int next_ballot[MAX_WORLD_SIZE]; /* next chunk to send to a tallier */
static int open_ballots[MAX_WORLD_SIZE];
static int ballots_unsent;
static int *closed; /* chunks of ours whose verdict is not sent to everyone yet, in order */
static int closed_count, closed_sent, closed_peers_sent;

void conclude(void) {
    const long words = (count + 63) / 64;
    chunk_length = ((mtu - IP_UDP_LENGTH) / 32 * 32 - HEADER_LENGTH) / 8 * 8;
    const long fair = ((count + world_size - 1) / world_size + 1023) / 1024 * 128;
    chunk_length = fair < chunk_length ? (int)fair : chunk_length;
    chunk_count = (int)((words * 8 + chunk_length - 1) / chunk_length);
    stride = (HEADER_LENGTH + chunk_length + 63) / 64 * 64;
    datagrams = allocate(chunk_count * stride);
    for (int chunk = 0; chunk < chunk_count; chunk++) {
        memset(datagram(chunk) + HEADER_LENGTH, 0x5a ^ rank ^ chunk, chunk_length);
    }
    ballots_in[0] = allocate(chunk_count);
    ballots_in[1] = allocate(chunk_count);
    verdict_in = allocate(chunk_count);
    closed = allocate(chunk_count * (long)sizeof *closed);
}

static int first_chunk(const int tallying_rank, const int round) {
    return ((tallying_rank - round) % world_size + world_size) % world_size;
}

/* A chunk of ours has all ballots: its verdict may leave. */
static void close_chunk(const int chunk) {
    closed[closed_count++] = chunk;
    verdicts_held++;
}

static void begin_round(const int round) {
    round_id = round;
    verdicts_held = 0;
    closed_count = closed_sent = closed_peers_sent = 0;
    memset(verdict_in, 0, chunk_count);
    ballots_unsent = 0;
    for (int peer = 0; peer < world_size; peer++) {
        next_ballot[peer] = first_chunk(peer, round);
        open_ballots[peer] = 0;
    }
    for (int chunk = 0; chunk < chunk_count; chunk++) {
        if (tallier(chunk, round) != rank) {
            ballots_unsent++;
        } else if (ballots_in[round & 1][chunk] == world_size - 1) {
            close_chunk(chunk);
        }
    }
}

static bool is_round_over(void) {
    return verdicts_held == chunk_count && ballots_unsent == 0 && closed_sent == closed_count && is_batch_empty();
}

static void end_round(void) {
    memset(ballots_in[round_id & 1], 0, chunk_count);
}

/* Verdicts before ballots; a tallier without credit is skipped, not awaited. *is_blocked: the socket is full. */
static int send_some(bool *is_blocked) {
    int sent = 0;
    *is_blocked = false;
    while (closed_sent < closed_count && sent < SEND_LIMIT) {
        const int to = (rank + 1 + closed_peers_sent) % world_size;
        if (!send_chunk(VERDICT, closed[closed_sent], to)) {
            *is_blocked = true;
            return sent;
        }
        sent++;
        if (++closed_peers_sent == world_size - 1) {
            closed_peers_sent = 0;
            closed_sent++;
        }
    }
    for (bool any = ballots_unsent > 0; any && sent < SEND_LIMIT;) {
        any = false;
        for (int step = 1; step < world_size; step++) {
            const int to = (rank + step) % world_size;
            if (next_ballot[to] < chunk_count && open_ballots[to] < credits) {
                if (!send_chunk(BALLOT, next_ballot[to], to)) {
                    *is_blocked = true;
                    return sent;
                }
                next_ballot[to] += world_size;
                open_ballots[to]++;
                ballots_unsent--;
                sent++;
                any = true;
            }
        }
    }
    if (is_batched && !flush_batch()) {
        *is_blocked = true;
    }
    return sent;
}

static void on_ballot(const struct header *header) {
    const int chunk = (int)header->chunk, ahead = (int)header->round - round_id;
    if ((ahead != 0 && ahead != 1) || tallier(chunk, (int)header->round) != rank) {
        fail(
            "round=%d: ballot of rank %u for round=%u chunk=%d is not ours", round_id, header->rank, header->round,
            chunk);
    }
    uint8_t *in = &ballots_in[header->round & 1][chunk];
    if (*in == world_size - 1) {
        fail("round=%d chunk=%d: one ballot too many, from rank %u", round_id, chunk, header->rank);
    }
    if (++*in == world_size - 1 && ahead == 0) {
        close_chunk(chunk);
    }
}

static void on_verdict(const struct header *header) {
    const int chunk = (int)header->chunk;
    if ((int)header->round != round_id || tallier(chunk, round_id) != (int)header->rank || verdict_in[chunk]) {
        fail(
            "round=%d: verdict of rank %u for round=%u chunk=%d was not expected", round_id, header->rank,
            header->round, chunk);
    }
    verdict_in[chunk] = 1;
    verdicts_held++;
    open_ballots[header->rank]--;
}

void on_datagram(const uint8_t *data, const ssize_t length) {
    const struct header *header = (const struct header *)data;
    if (length < HEADER_LENGTH || header->rank >= (uint32_t)world_size || (int)header->rank == rank) {
        fail("round=%d: %zd bytes that are not ours", round_id, length);
    }
    if (header->kind == HELLO) {
        if (!header->everyone_heard) { /* answer questions only, or two ranks would answer each other for ever */
            send_hello((int)header->rank, true);
        }
        return;
    }
    if (header->chunk >= (uint32_t)chunk_count || length != HEADER_LENGTH + chunk_bytes((int)header->chunk)) {
        fail("round=%d: kind=%u of chunk=%u with %zd bytes", round_id, header->kind, header->chunk, length);
    }
    datagrams_in++;
    header->kind == BALLOT ? on_ballot(header) : on_verdict(header);
}

static void report_loss(void) {
    long ballots_missing = 0, verdicts_missing = 0;
    for (int chunk = 0; chunk < chunk_count; chunk++) {
        if (tallier(chunk, round_id) == rank) {
            ballots_missing += world_size - 1 - ballots_in[round_id & 1][chunk];
        } else {
            verdicts_missing += !verdict_in[chunk];
        }
    }
    fail(
        "round=%d: nothing came for %d ms; lost datagrams: ballots_missing=%ld verdicts_missing=%ld ballots_unsent=%d, "
        "not a valid figure, lower --credits=%d or raise the queue",
        round_id, SILENCE_LIMIT_MS, ballots_missing, verdicts_missing, ballots_unsent, credits);
}

void run_round(const int round) {
    long datagrams_seen = -1;
    int64_t deadline_ns = 0;
    begin_round(round);
    while (!is_round_over()) {
        bool is_blocked;
        const int worked = send_some(&is_blocked) + receive_some();
        if (worked == 0 && !is_round_over()) {
            await_datagrams(is_blocked, SILENCE_LIMIT_MS);
            if (datagrams_in + datagrams_out != datagrams_seen) {
                datagrams_seen = datagrams_in + datagrams_out;
                deadline_ns = now_ns() + SILENCE_LIMIT_MS * 1000000LL;
            } else if (now_ns() > deadline_ns) {
                report_loss();
            }
        }
    }
    end_round();
}
