/* One non-blocking UDP socket: sends chunks, one at a time or in batches, and hands over what comes. */
#define _GNU_SOURCE
#include "floor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

enum {
    MAX_DATAGRAM_LENGTH = 65536,
    RECEIVE_LIMIT = 64, /* datagrams received before anything is sent again */
    BATCH_SIZE = 32,    /* datagrams a system call moves with --batch */
    HELLO_INTERVAL_MS = 10,
    START_LIMIT_MS = 30000
};

long datagrams_in, datagrams_out;

static int sock;
static struct sockaddr_in peers[MAX_WORLD_SIZE];
static uint8_t *inbox; /* BATCH_SIZE datagrams */

/* datagrams waiting for one sendmmsg */
static struct mmsghdr batch[BATCH_SIZE], batch_in[BATCH_SIZE];
static struct iovec batch_vectors[BATCH_SIZE][2], batch_vectors_in[BATCH_SIZE];
static struct header batch_headers[BATCH_SIZE];
static int batch_count;

static void set_buffer(const int option, const char *name, const int bytes) {
    int actual = 0;
    socklen_t length = sizeof actual;
    if (setsockopt(sock, SOL_SOCKET, option, &bytes, sizeof bytes) != 0 ||
        getsockopt(sock, SOL_SOCKET, option, &actual, &length) != 0) {
        fail("%s=%d failed: %s", name, bytes, strerror(errno));
    }
    if (actual < 2 * bytes) { /* Linux reports twice what it grants */
        fail(
            "%s=%d granted of %d, raise net.core.%s", name, actual / 2, bytes,
            option == SO_RCVBUF ? "rmem_max" : "wmem_max");
    }
}

void open_socket(const char *master) {
    sock = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (sock < 0) {
        fail("socket failed: %s", strerror(errno));
    }
    set_buffer(SO_RCVBUF, "SO_RCVBUF", receive_buffer);
    set_buffer(SO_SNDBUF, "SO_SNDBUF", send_buffer);
    struct in_addr first;
    if (inet_pton(AF_INET, master, &first) != 1) {
        fail("MASTER_ADDR=%s, expected the IPv4 address of rank 0", master);
    }
    for (int peer = 0; peer < world_size; peer++) {
        peers[peer].sin_family = AF_INET;
        peers[peer].sin_port = htons((uint16_t)port);
        peers[peer].sin_addr.s_addr = htonl(ntohl(first.s_addr) + (uint32_t)peer);
    }
    if (bind(sock, (struct sockaddr *)&peers[rank], sizeof peers[rank]) != 0) {
        fail("bind to port %d failed: %s", port, strerror(errno));
    }
    inbox = allocate((long)BATCH_SIZE * MAX_DATAGRAM_LENGTH);
    for (int i = 0; i < BATCH_SIZE; i++) {
        batch_vectors_in[i] = (struct iovec){inbox + (long)i * MAX_DATAGRAM_LENGTH, MAX_DATAGRAM_LENGTH};
        batch_in[i].msg_hdr = (struct msghdr){.msg_iov = &batch_vectors_in[i], .msg_iovlen = 1};
    }
}

void send_hello(const int to, const bool everyone_heard) {
    struct header header = {.kind = HELLO, .rank = rank, .everyone_heard = everyone_heard};
    if (sendto(sock, &header, sizeof header, 0, (struct sockaddr *)&peers[to], sizeof peers[to]) < 0 &&
        errno != EAGAIN && errno != ECONNREFUSED && errno != ENOBUFS) {
        fail("sendto rank %d failed: %s", to, strerror(errno));
    }
}

/* Nobody sends a ballot before everyone is known to listen, because nothing is sent twice. */
void await_everyone(void) {
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
        for (ssize_t n; (n = recv(sock, &header, sizeof header, MSG_PEEK)) >= 0;) {
            if (n >= HEADER_LENGTH && header.rank < (uint32_t)world_size) {
                heard_count += !heard[header.rank];
                heard[header.rank] = true;
                /* a ballot that is here already stays in the socket: it is proof that its sender is ready */
                if (header.kind != HELLO) {
                    return;
                }
                if (header.everyone_heard) {
                    ready_count += !ready[header.rank];
                    ready[header.rank] = true;
                }
            }
            recv(sock, &header, sizeof header, 0);
        }
    }
    for (int peer = 0; peer < world_size; peer++) {
        if (peer != rank) {
            send_hello(peer, true);
        }
    }
}

bool flush_batch(void) {
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

bool send_chunk(const enum kind kind, const int chunk, const int to) {
    const int length = chunk_bytes(chunk);
    if (is_batched) {
        if (batch_count == BATCH_SIZE && !flush_batch()) {
            return false;
        }
        struct header *header = &batch_headers[batch_count];
        *header = (struct header){.kind = kind, .rank = rank, .round = round_id, .chunk = chunk};
        batch_vectors[batch_count][0] = (struct iovec){header, HEADER_LENGTH};
        batch_vectors[batch_count][1] = (struct iovec){datagram(chunk) + HEADER_LENGTH, length};
        batch[batch_count].msg_hdr = (struct msghdr){
            .msg_name = &peers[to],
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

int receive_some(void) {
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

bool is_batch_empty(void) {
    return batch_count == 0;
}

void await_datagrams(const bool is_blocked, const int limit_ms) {
    struct pollfd poller = {.fd = sock, .events = POLLIN | (is_blocked ? POLLOUT : 0)};
    if (poll(&poller, 1, limit_ms) < 0) {
        fail("poll failed: %s", strerror(errno));
    }
}
