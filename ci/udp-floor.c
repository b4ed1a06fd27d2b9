/*
 * The floor under the SHARDED vote: plain sockets moving the same datagrams, and nothing else.
 *
 * Every rank sends one ballot a chunk to the chunk's tallier, rank (chunk + round) mod M; once the ballots of all
 * other ranks are in, the tallier sends one verdict to each of them. A datagram is as long as Aeron's would be:
 *
 *   | 32 bytes, Aeron's header | 64 bytes, ours | packed signs |    at most floor((mtu - 28) / 32) * 32 bytes
 *
 * At most `credits` ballots are open (sent, no verdict yet) towards a tallier, so that no queue overflows; nothing is
 * sent twice, and a datagram that gets lost fails the run. A rank enters a round when it holds all verdicts of the one
 * before and has sent all of its own, so nobody is ever more than one round ahead. Signs are not tallied: a verdict
 * carries the tallier's own signs. One thread, one non-blocking socket, poll when there is nothing to do.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    AERON_HEADER_LENGTH = 32,
    HEADER_LENGTH = AERON_HEADER_LENGTH + 64,
    IP_UDP_LENGTH = 28,
    MAX_WORLD_SIZE = 255,
    MAX_DATAGRAM_LENGTH = 65536,
    SEND_LIMIT = 64,    /* datagrams sent before the socket is read again */
    RECEIVE_LIMIT = 64, /* datagrams received before anything is sent again */
    BATCH_SIZE = 32,    /* datagrams a system call moves with --batch */
    HELLO_INTERVAL_MS = 10,
    START_LIMIT_MS = 30000,
    SILENCE_LIMIT_MS = 2000 /* without a datagram, in the middle of a round: something was lost */
};

enum kind { HELLO = 1, BALLOT = 2, VERDICT = 3 };

struct header {
    uint8_t aeron[AERON_HEADER_LENGTH];
    uint32_t kind;
    uint32_t rank;
    uint32_t round;
    uint32_t chunk;
    uint32_t everyone_heard; /* HELLO only */
    uint8_t unused[44];
};

_Static_assert(sizeof(struct header) == HEADER_LENGTH, "the header is 96 bytes long");

/* options and identity */
static long count = 25600000;
static int rounds = 20, trains = 5, warmup_rounds = 5, credits = 16, mtu = 9000, port = 40123;
static int receive_buffer = 4 << 20;
static int send_buffer = 384 << 10; /* less than a queue holds: a full socket waits, a full queue drops */
static bool is_batched = false;
static const char *interface = NULL;
static int rank, world_size;

/* geometry */
static int chunk_length; /* bytes of packed signs of a full chunk */
static int chunk_count;
static long stride; /* bytes from one chunk's datagram to the next */

/* the state of a rank */
static int sock;
static struct sockaddr_in peers[MAX_WORLD_SIZE];
static uint8_t *datagrams; /* one for each chunk: header room, then this rank's signs */
static uint8_t *inbox;     /* BATCH_SIZE datagrams */
static int round_id;
static uint8_t *ballots_in[2];          /* [round & 1][chunk]: ballots that came; the next round's may come early */
static uint8_t *verdict_in;             /* [chunk], of this round */
static int verdicts_held;               /* of this round, our own included */
static int next_ballot[MAX_WORLD_SIZE]; /* next chunk to send to a tallier */
static int open_ballots[MAX_WORLD_SIZE];
static int ballots_unsent;
static int *closed; /* chunks of ours whose verdict is not sent to everyone yet, in order */
static int closed_count, closed_sent, closed_peers_sent;
static long datagrams_in, datagrams_out;

/* datagrams waiting for one sendmmsg */
static struct mmsghdr batch[BATCH_SIZE], batch_in[BATCH_SIZE];
static struct iovec batch_vectors[BATCH_SIZE][2], batch_vectors_in[BATCH_SIZE];
static struct header batch_headers[BATCH_SIZE];
static int batch_count;

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "udp-floor: rank=%d: ", rank);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static double cpu_ms(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

/* -1 without --wire */
static long wire_bytes(void) {
    if (interface == NULL) {
        return -1;
    }
    char path[256];
    snprintf(path, sizeof path, "/sys/class/net/%s/statistics/tx_bytes", interface);
    FILE *file = fopen(path, "r");
    long bytes;
    if (file == NULL || fscanf(file, "%ld", &bytes) != 1) {
        fail("--wire=%s: cannot read %s", interface, path);
    }
    fclose(file);
    return bytes;
}

static int chunk_bytes(const int chunk) {
    const long words = (count + 63) / 64;
    const long words_before = (long)chunk * (chunk_length / 8);
    const long left = (words - words_before) * 8;
    return left < chunk_length ? (int)left : chunk_length;
}

static int tallier(const int chunk, const int round) {
    return (int)(((long)chunk + round) % world_size);
}

static int first_chunk(const int tallying_rank, const int round) {
    return ((tallying_rank - round) % world_size + world_size) % world_size;
}

static uint8_t *datagram(const int chunk) {
    return datagrams + chunk * stride;
}

/* false: the socket takes nothing more now */
static bool flush_batch(void) {
    int sent = 0;
    while (sent < batch_count) {
        const int n = sendmmsg(sock, batch + sent, batch_count - sent, 0);
        if (n < 0) {
            if (errno != EAGAIN && errno != ENOBUFS) {
                fail("sendmmsg failed: %s", strerror(errno));
            }
            break;
        }
        sent += n;
    }
    datagrams_out += sent;
    if (sent > 0 && sent < batch_count) {
        /* headers and vectors move down; the pointers inside must follow */
        for (int i = sent; i < batch_count; i++) {
            const int j = i - sent;
            batch_headers[j] = batch_headers[i];
            batch_vectors[j][1] = batch_vectors[i][1];
            batch[j].msg_hdr.msg_name = batch[i].msg_hdr.msg_name;
        }
    }
    batch_count -= sent;
    return batch_count == 0;
}

static bool send_chunk(const enum kind kind, const int chunk, const int to) {
    const int length = chunk_bytes(chunk);
    if (is_batched) {
        if (batch_count == BATCH_SIZE && !flush_batch()) {
            return false;
        }
        struct header *header = &batch_headers[batch_count];
        *header = (struct header){.kind = kind, .rank = rank, .round = round_id, .chunk = chunk};
        batch_vectors[batch_count][0] = (struct iovec){header, HEADER_LENGTH};
        batch_vectors[batch_count][1] = (struct iovec){datagram(chunk) + HEADER_LENGTH, length};
        batch[batch_count].msg_hdr = (struct msghdr){.msg_name = &peers[to],
                                                     .msg_namelen = sizeof peers[to],
                                                     .msg_iov = batch_vectors[batch_count],
                                                     .msg_iovlen = 2};
        batch_count++;
        return true;
    }
    struct header *header = (struct header *)datagram(chunk);
    header->kind = kind;
    header->rank = rank;
    header->round = round_id;
    header->chunk = chunk;
    const ssize_t n = sendto(sock, header, HEADER_LENGTH + length, 0, (struct sockaddr *)&peers[to], sizeof peers[to]);
    if (n < 0) {
        if (errno == EAGAIN || errno == ENOBUFS) {
            return false;
        }
        fail("sendto rank %d failed: %s", to, strerror(errno));
    }
    datagrams_out++;
    return true;
}

static void send_hello(const int to, const bool everyone_heard) {
    struct header header = {.kind = HELLO, .rank = rank, .everyone_heard = everyone_heard};
    if (sendto(sock, &header, sizeof header, 0, (struct sockaddr *)&peers[to], sizeof peers[to]) < 0 &&
        errno != EAGAIN && errno != ECONNREFUSED && errno != ENOBUFS) {
        fail("sendto rank %d failed: %s", to, strerror(errno));
    }
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
    return verdicts_held == chunk_count && ballots_unsent == 0 && closed_sent == closed_count && batch_count == 0;
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
        fail("round=%d: ballot of rank %u for round=%u chunk=%d is not ours", round_id, header->rank, header->round,
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
        fail("round=%d: verdict of rank %u for round=%u chunk=%d was not expected", round_id, header->rank,
             header->round, chunk);
    }
    verdict_in[chunk] = 1;
    verdicts_held++;
    open_ballots[header->rank]--;
}

static void on_datagram(const uint8_t *data, const ssize_t length) {
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

static int receive_some(void) {
    int received = 0;
    while (received < RECEIVE_LIMIT) {
        if (is_batched) {
            const int n = recvmmsg(sock, batch_in, BATCH_SIZE, 0, NULL);
            for (int i = 0; i < n; i++) {
                on_datagram(inbox + (long)i * MAX_DATAGRAM_LENGTH, batch_in[i].msg_len);
            }
            received += n > 0 ? n : 0;
            if (n == BATCH_SIZE) {
                continue;
            }
            if (n < 0 && errno != EAGAIN && errno != ECONNREFUSED) {
                fail("recvmmsg failed: %s", strerror(errno));
            }
            return received;
        }
        const ssize_t length = recvfrom(sock, inbox, MAX_DATAGRAM_LENGTH, 0, NULL, NULL);
        if (length < 0) {
            if (errno != EAGAIN && errno != ECONNREFUSED) {
                fail("recvfrom failed: %s", strerror(errno));
            }
            return received;
        }
        on_datagram(inbox, length);
        received++;
    }
    return received;
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

static void run_round(const int round) {
    long datagrams_seen = -1;
    int64_t deadline_ns = 0;
    begin_round(round);
    while (!is_round_over()) {
        bool is_blocked;
        const int worked = send_some(&is_blocked) + receive_some();
        if (worked == 0 && !is_round_over()) {
            struct pollfd poller = {.fd = sock, .events = POLLIN | (is_blocked ? POLLOUT : 0)};
            if (poll(&poller, 1, SILENCE_LIMIT_MS) < 0) {
                fail("poll failed: %s", strerror(errno));
            }
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

/* Nobody sends a ballot before everyone is known to listen, because nothing is sent twice. */
static void await_everyone(void) {
    bool heard[MAX_WORLD_SIZE] = {false}, ready[MAX_WORLD_SIZE] = {false};
    int heard_count = 1, ready_count = 1;
    const int64_t deadline_ns = now_ns() + START_LIMIT_MS * 1000000LL;
    while (ready_count < world_size) {
        if (now_ns() > deadline_ns) {
            fail("%d of %d ranks came within %d ms", heard_count, world_size, START_LIMIT_MS);
        }
        for (int peer = 0; peer < world_size; peer++) {
            if (peer != rank) {
                send_hello(peer, heard_count == world_size);
            }
        }
        struct pollfd poller = {.fd = sock, .events = POLLIN};
        poll(&poller, 1, HELLO_INTERVAL_MS);
        struct header header;
        /* a ballot that is here already stays in the socket: it is proof that its sender is ready */
        while (recv(sock, &header, sizeof header, MSG_PEEK) >= HEADER_LENGTH && header.rank < (uint32_t)world_size) {
            heard_count += !heard[header.rank];
            heard[header.rank] = true;
            if (header.kind != HELLO) {
                return;
            }
            if (header.everyone_heard) {
                ready_count += !ready[header.rank];
                ready[header.rank] = true;
            }
            recv(sock, &header, sizeof header, 0);
        }
        while (recv(sock, &header, 0, MSG_DONTWAIT | MSG_PEEK) == 0) {
            recv(sock, &header, 0, MSG_DONTWAIT); /* an empty datagram */
        }
    }
    for (int peer = 0; peer < world_size; peer++) {
        if (peer != rank) {
            send_hello(peer, true);
        }
    }
}

static void set_buffer(const int option, const char *name, const int bytes) {
    int actual = 0;
    socklen_t length = sizeof actual;
    if (setsockopt(sock, SOL_SOCKET, option, &bytes, sizeof bytes) != 0 ||
        getsockopt(sock, SOL_SOCKET, option, &actual, &length) != 0) {
        fail("%s=%d failed: %s", name, bytes, strerror(errno));
    }
    if (actual < 2 * bytes) { /* Linux reports twice what it grants */
        fail("%s=%d granted of %d, raise net.core.%s", name, actual / 2, bytes,
             option == SO_RCVBUF ? "rmem_max" : "wmem_max");
    }
}

static void open_socket(const char *addresses) {
    sock = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (sock < 0) {
        fail("socket failed: %s", strerror(errno));
    }
    set_buffer(SO_RCVBUF, "SO_RCVBUF", receive_buffer);
    set_buffer(SO_SNDBUF, "SO_SNDBUF", send_buffer);
    struct in_addr first;
    if (inet_pton(AF_INET, addresses, &first) != 1) {
        fail("MASTER_ADDR=%s, expected the IPv4 address of rank 0", addresses);
    }
    for (int peer = 0; peer < world_size; peer++) {
        peers[peer].sin_family = AF_INET;
        peers[peer].sin_port = htons((uint16_t)port);
        peers[peer].sin_addr.s_addr = htonl(ntohl(first.s_addr) + (uint32_t)peer);
    }
    if (bind(sock, (struct sockaddr *)&peers[rank], sizeof peers[rank]) != 0) {
        fail("bind to port %d failed: %s", port, strerror(errno));
    }
}

static void *allocate(const long bytes) {
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (memory == NULL) {
        fail("no memory for %ld bytes", bytes);
    }
    memset(memory, 0, bytes);
    return memory;
}

static void conclude(void) {
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
    inbox = allocate((long)BATCH_SIZE * MAX_DATAGRAM_LENGTH);
    for (int i = 0; i < BATCH_SIZE; i++) {
        batch_vectors_in[i] = (struct iovec){inbox + (long)i * MAX_DATAGRAM_LENGTH, MAX_DATAGRAM_LENGTH};
        batch_in[i].msg_hdr = (struct msghdr){.msg_iov = &batch_vectors_in[i], .msg_iovlen = 1};
    }
    ballots_in[0] = allocate(chunk_count);
    ballots_in[1] = allocate(chunk_count);
    verdict_in = allocate(chunk_count);
    closed = allocate(chunk_count * (long)sizeof *closed);
}

/* One line of JSON a rank: times and bytes are a round's, one value for each train. */
static void report(const double *wall, const double *cpu, const double *wire) {
    printf(
        "{\"program\":\"udp-floor\",\"rank\":%d,\"hosts\":%d,\"count\":%ld,\"rounds\":%d,\"trains\":%d,\"credits\":%d,"
        "\"batched\":%s,\"mtu\":%d,\"receive_buffer\":%d,\"send_buffer\":%d,\"chunks\":%d,\"chunk_bytes\":%d,"
        "\"datagrams_in\":%ld,\"datagrams_out\":%ld,\"lost\":0",
        rank, world_size, count, rounds, trains, credits, is_batched ? "true" : "false", mtu, receive_buffer,
        send_buffer, chunk_count, chunk_length, datagrams_in, datagrams_out);
    const struct {
        const char *name;
        const double *values;
    } series[] = {{"wall_ms", wall}, {"cpu_ms", cpu}, {"wire_bytes", wire}};
    for (int i = 0; i < 3; i++) {
        printf(",\"%s\":[", series[i].name);
        for (int train = 0; train < trains; train++) {
            printf("%s%.3f", train > 0 ? "," : "", series[i].values[train]);
        }
        putchar(']');
    }
    puts("}");
}

static long number(const char *name, const char *text, const long least, const long most) {
    char *end;
    const long value = strtol(text, &end, 10);
    if (*text == 0 || *end != 0 || value < least || value > most) {
        fprintf(stderr, "udp-floor: %s=%s, expected %ld to %ld\n", name, text, least, most);
        exit(2);
    }
    return value;
}

static long variable(const char *name, const long least, const long most) {
    const char *text = getenv(name);
    if (text == NULL) {
        fprintf(stderr, "udp-floor: %s is not set, run under ci/testbed\n", name);
        exit(2);
    }
    return number(name, text, least, most);
}

static void parse(const int argc, char **argv) {
    static const struct option options[] = {{"count", required_argument, NULL, 'n'},
                                            {"rounds", required_argument, NULL, 'r'},
                                            {"trains", required_argument, NULL, 't'},
                                            {"warmup", required_argument, NULL, 'w'},
                                            {"credits", required_argument, NULL, 'k'},
                                            {"mtu", required_argument, NULL, 'm'},
                                            {"port", required_argument, NULL, 'p'},
                                            {"receive-buffer", required_argument, NULL, 's'},
                                            {"send-buffer", required_argument, NULL, 'o'},
                                            {"wire", required_argument, NULL, 'i'},
                                            {"batch", no_argument, NULL, 'b'},
                                            {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "n:r:t:w:k:m:p:s:o:i:b", options, NULL)) != -1;) {
        switch (option) {
            case 'n': count = number("count", optarg, 1, 1L << 33); break;
            case 'r': rounds = (int)number("rounds", optarg, 1, 1000000); break;
            case 't': trains = (int)number("trains", optarg, 1, 1000); break;
            case 'w': warmup_rounds = (int)number("warmup", optarg, 0, 1000000); break;
            case 'k': credits = (int)number("credits", optarg, 1, 65536); break;
            case 'm': mtu = (int)number("mtu", optarg, 576, 65535); break;
            case 'p': port = (int)number("port", optarg, 1, 65535); break;
            case 's': receive_buffer = (int)number("receive-buffer", optarg, 65536, 1 << 30); break;
            case 'o': send_buffer = (int)number("send-buffer", optarg, 65536, 1 << 30); break;
            case 'i': interface = optarg; break;
            case 'b': is_batched = true; break;
            default: exit(2);
        }
    }
    if (optind < argc) {
        fprintf(stderr, "udp-floor: unknown argument %s\n", argv[optind]);
        exit(2);
    }
    world_size = (int)variable("WORLD_SIZE", 2, MAX_WORLD_SIZE);
    rank = (int)variable("RANK", 0, world_size - 1);
}

int main(const int argc, char **argv) {
    parse(argc, argv);
    const char *master = getenv("MASTER_ADDR");
    conclude();
    open_socket(master == NULL ? "" : master);
    await_everyone();

    double *wall = allocate(trains * (long)sizeof *wall);
    double *cpu = allocate(trains * (long)sizeof *cpu);
    double *wire = allocate(trains * (long)sizeof *wire);
    int round = 0;
    while (round < warmup_rounds) {
        run_round(round++);
    }
    datagrams_in = datagrams_out = 0;
    for (int train = 0; train < trains; train++) {
        const int64_t start_ns = now_ns();
        const double start_cpu = cpu_ms();
        const long start_wire = wire_bytes();
        for (int i = 0; i < rounds; i++) {
            run_round(round++);
        }
        wall[train] = (double)(now_ns() - start_ns) / 1e6 / rounds;
        cpu[train] = (cpu_ms() - start_cpu) / rounds;
        wire[train] = interface == NULL ? -1 : (double)(wire_bytes() - start_wire) / rounds;
    }
    report(wall, cpu, wire);
    return 0;
}
