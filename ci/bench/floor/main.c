/* Options, trains of rounds, and the report. */
#include "floor.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

long count = 25600000;
int rounds = 20, trains = 5, warmup_rounds = 5, credits = 16, mtu = 9000, port = 40123;
int receive_buffer = 4 << 20;
int send_buffer = 384 << 10; /* less than a queue holds: a full socket waits, a full queue drops */
bool is_batched = false;
const char *interface = NULL;
int rank, world_size;

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "udp-floor: rank=%d: ", rank);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void *allocate(const long bytes) {
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (memory == NULL) {
        fail("no memory for %ld bytes", bytes);
    }
    memset(memory, 0, bytes);
    return memory;
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
    static const struct option options[] = {
        {"count", required_argument, NULL, 'n'},
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
        case 'n':
            count = number("count", optarg, 1, 1L << 33);
            break;
        case 'r':
            rounds = (int)number("rounds", optarg, 1, 1000000);
            break;
        case 't':
            trains = (int)number("trains", optarg, 1, 1000);
            break;
        case 'w':
            warmup_rounds = (int)number("warmup", optarg, 0, 1000000);
            break;
        case 'k':
            credits = (int)number("credits", optarg, 1, 65536);
            break;
        case 'm':
            mtu = (int)number("mtu", optarg, 576, 65535);
            break;
        case 'p':
            port = (int)number("port", optarg, 1, 65535);
            break;
        case 's':
            receive_buffer = (int)number("receive-buffer", optarg, 65536, 1 << 30);
            break;
        case 'o':
            send_buffer = (int)number("send-buffer", optarg, 65536, 1 << 30);
            break;
        case 'i':
            interface = optarg;
            break;
        case 'b':
            is_batched = true;
            break;
        default:
            exit(2);
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
