/* Open MPI's part of ci/checks/open-mpi. ci/lib/Collectives.java makes the same calls over SignVote, with the same
 * inputs.
 *
 *   mpirun ... collectives FOLDER COUNT...
 *
 * Each rank writes FOLDER/open-mpi.RANK: for each input and each result a line with its name and its length in bytes,
 * then its bytes. MPI has no AVG: it is the SUM here, divided by the number of ranks. */
#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct type {
    const char *name;
    MPI_Datatype mpi;
    size_t size;
    unsigned digits; /* bits of a float's fraction, 0 of integers */
    uint64_t bias;   /* of a float's exponent */
    bool is_signed;
};

static const struct type types[] = {
    {"FLOAT32", MPI_FLOAT, 4, 23, 127, true}, {"FLOAT64", MPI_DOUBLE, 8, 52, 1023, true},
    {"INT8", MPI_INT8_T, 1, 0, 0, true},      {"UINT8", MPI_UINT8_T, 1, 0, 0, false},
    {"INT32", MPI_INT32_T, 4, 0, 0, true},    {"INT64", MPI_INT64_T, 8, 0, 0, true},
};
enum { TYPES = sizeof types / sizeof *types };

/* Reductions of all numbers, then those of integers only. */
static const struct {
    const char *name;
    MPI_Op mpi;
} ops[] = {
    {"SUM", MPI_SUM},   {"AVG", MPI_SUM},   {"MIN", MPI_MIN}, {"MAX", MPI_MAX},
    {"PROD", MPI_PROD}, {"BAND", MPI_BAND}, {"BOR", MPI_BOR}, {"BXOR", MPI_BXOR},
};
enum { AVG = 1, OPS_OF_FLOATS = 5, OPS = sizeof ops / sizeof *ops };

/* What an input is for. Each word names the value of rank 0 and the value of all other ranks; named() has the letters.
 */
static const struct {
    const char *name;
    const char *values;
} kinds[] = {
    {"SUMS", "00 oo o0 0o i1 j1 ii ij ji n1 1n MM mm ss sr tr 1u"},
    {"PRODUCTS", "0h oh o2 ih i0 n1 1n MM mM tt s1 s2"},
    {"ORDER", "0o o0 oo i1 j1 ij Mm sr s0 0r"},
    {"BITS", "MM mm M1 me 00 ee"},
};
enum { SUMS, PRODUCTS, ORDER, BITS, KINDS };
static const int kind_of_floats[OPS_OF_FLOATS] = {SUMS, SUMS, ORDER, ORDER, PRODUCTS};
enum { PERIOD = 251 };

enum { OUT_OF_PLACE, IN_PLACE, PLACES };
static const char *const places[] = {"out-of-place", "in-place"};

static int rank;
static int ranks;
static int root;
static size_t block; /* elements of one rank, where a call has blocks */
static FILE *file;
static unsigned char *inputs[KINDS];
static unsigned char *source;
static unsigned char *target;

/* The finalizer of SplitMix64. */
static uint64_t mix(uint64_t z) {
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* The bits of a value that a letter names. */
static uint64_t named(char letter, const struct type *type) {
    const uint64_t sign = UINT64_C(1) << (8 * type->size - 1);
    if (type->digits == 0) {
        switch (letter) {
        case 'M':
            return type->is_signed ? sign - 1 : 2 * sign - 1;
        case 'm':
            return type->is_signed ? sign : 0;
        case 'e': /* -1, all bits */
            return UINT64_MAX;
        default:
            return letter - '0';
        }
    }
    const uint64_t one = type->bias << type->digits;
    const uint64_t half = UINT64_C(1) << (type->digits - 1);
    const uint64_t infinity = (2 * type->bias + 1) << type->digits;
    switch (letter) {
    case '0':
        return 0;
    case 'o': /* -0 */
        return sign;
    case '1':
        return one;
    case '2':
        return one + 2 * half;
    case 'h': /* -1.5 */
        return sign | one | half;
    case 'u': /* half an ulp of 1 */
        return (type->bias - type->digits - 1) << type->digits;
    case 'i':
        return infinity;
    case 'j':
        return sign | infinity;
    case 'n': /* a quiet NaN */
        return infinity | half;
    case 'M': /* the greatest finite number */
        return infinity - 1;
    case 'm':
        return sign | (infinity - 1);
    case 't': /* the least normal number */
        return 2 * half;
    case 's': /* the least subnormal number */
        return 1;
    case 'r':
        return sign | 1;
    default:
        abort();
    }
}

/* The bits of element i of the input of this rank. */
static uint64_t element(int kind, int t, size_t i) {
    const struct type *type = &types[t];
    const bool is_bits_of_float = kind == BITS && type->digits > 0;
    const size_t word = i % PERIOD - 1; /* the first element of each period is none */
    if (!is_bits_of_float && i % PERIOD > 0 && 3 * word < strlen(kinds[kind].values)) {
        return named(kinds[kind].values[3 * word + (rank > 0)], type);
    }
    const uint64_t random = mix(mix(kind * 65536 + t * 256 + rank) + i * 0x9e3779b97f4a7c15);
    if (kind == BITS) {
        return random;
    }
    /* from 2^-8 to 2^8; for products from 1/2 to 2 */
    const uint64_t exponent =
        kind == PRODUCTS ? type->bias - 1 + (random >> 52 & 1) : type->bias - 8 + (random >> 52 & 15);
    const uint64_t fraction = random & ((UINT64_C(1) << type->digits) - 1);
    return (random >> 63) << (8 * type->size - 1) | exponent << type->digits | fraction;
}

/* Copies an input to the source, or to the target in place; a target that is none is filled with ones. */
static void prepare(int kind, int t, int place, size_t elements_of_source, size_t elements_of_target) {
    memset(target, -1, elements_of_target * types[t].size);
    memcpy(place == IN_PLACE ? target : source, inputs[kind], elements_of_source * types[t].size);
}

static unsigned char *block_of(unsigned char *memory, int t, int of) {
    return memory + of * block * types[t].size;
}

static void divide(unsigned char *memory, int t, size_t count) {
#define DIVIDE(NUMBER)                                                                                                 \
    for (size_t i = 0; i < count; i++) {                                                                               \
        ((NUMBER *)(void *)memory)[i] /= (NUMBER)ranks;                                                                \
    }                                                                                                                  \
    break
    switch (t) {
    case 0:
        DIVIDE(float);
    case 1:
        DIVIDE(double);
    case 2:
        DIVIDE(int8_t);
    case 3:
        DIVIDE(uint8_t);
    case 4:
        DIVIDE(int32_t);
    default:
        DIVIDE(int64_t);
    }
}

static void
record(const char *call, const char *what, int t, size_t count, int place, const void *memory, size_t elements) {
    const size_t bytes = elements * types[t].size;
    fprintf(file, "%s %s %s %zu %s %zu\n", call, what, types[t].name, count, places[place], bytes);
    if (fwrite(memory, 1, bytes, file) != bytes) {
        perror("collectives: cannot write results");
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
}

static int kind_of(int t, int op) {
    return types[t].digits > 0 ? kind_of_floats[op] : BITS;
}

static void all_reduce(int t, int op, size_t count, int place) {
    prepare(kind_of(t, op), t, place, count, count);
    MPI_Allreduce(
        place == IN_PLACE ? MPI_IN_PLACE : source, target, (int)count, types[t].mpi, ops[op].mpi, MPI_COMM_WORLD);
    if (op == AVG) {
        divide(target, t, count);
    }
    record("allReduce", ops[op].name, t, count, place, target, count);
}

static void reduce(int t, int op, size_t count, int place) {
    const bool is_in_place = place == IN_PLACE && rank == root;
    prepare(kind_of(t, op), t, is_in_place ? IN_PLACE : OUT_OF_PLACE, count, count);
    MPI_Reduce(
        is_in_place ? MPI_IN_PLACE : source, target, (int)count, types[t].mpi, ops[op].mpi, root, MPI_COMM_WORLD);
    if (rank == root) {
        if (op == AVG) {
            divide(target, t, count);
        }
        record("reduce", ops[op].name, t, count, place, target, count);
    }
}

static void reduce_scatter(int t, int op, size_t count, int place) {
    prepare(kind_of(t, op), t, place, ranks * block, ranks * block);
    MPI_Reduce_scatter_block(
        place == IN_PLACE ? MPI_IN_PLACE : source, target, (int)block, types[t].mpi, ops[op].mpi, MPI_COMM_WORLD);
    if (op == AVG) {
        divide(target, t, block);
    }
    record("reduceScatter", ops[op].name, t, count, place, target, block);
}

static void broadcast(int t, size_t count) {
    prepare(BITS, t, IN_PLACE, count, count);
    MPI_Bcast(target, (int)count, types[t].mpi, root, MPI_COMM_WORLD);
    record("broadcast", "-", t, count, IN_PLACE, target, count);
}

/* Copies the block of this rank to the source, or in place to its block of the target. */
static void prepare_block(int t, int place) {
    prepare(BITS, t, OUT_OF_PLACE, block, ranks * block);
    if (place == IN_PLACE) {
        memcpy(block_of(target, t, rank), source, block * types[t].size);
    }
}

static void all_gather(int t, size_t count, int place) {
    prepare_block(t, place);
    MPI_Allgather(
        place == IN_PLACE ? MPI_IN_PLACE : source, (int)block, types[t].mpi, target, (int)block, types[t].mpi,
        MPI_COMM_WORLD);
    record("allGather", "-", t, count, place, target, ranks * block);
}

static void gather(int t, size_t count, int place) {
    prepare_block(t, place);
    MPI_Gather(
        place == IN_PLACE && rank == root ? MPI_IN_PLACE : source, (int)block, types[t].mpi, target, (int)block,
        types[t].mpi, root, MPI_COMM_WORLD);
    if (rank == root) {
        record("gather", "-", t, count, place, target, ranks * block);
    }
}

static void scatter(int t, size_t count, int place) {
    const bool is_in_place = place == IN_PLACE && rank == root;
    prepare(BITS, t, OUT_OF_PLACE, ranks * block, block);
    MPI_Scatter(
        source, (int)block, types[t].mpi, is_in_place ? MPI_IN_PLACE : target, (int)block, types[t].mpi, root,
        MPI_COMM_WORLD);
    record("scatter", "-", t, count, place, is_in_place ? block_of(source, t, rank) : target, block);
}

static void all_to_all(int t, size_t count, int place) {
    prepare(BITS, t, place, ranks * block, ranks * block);
    MPI_Alltoall(
        place == IN_PLACE ? MPI_IN_PLACE : source, (int)block, types[t].mpi, target, (int)block, types[t].mpi,
        MPI_COMM_WORLD);
    record("allToAll", "-", t, count, place, target, ranks * block);
}

static void calls(int t, size_t count) {
    const bool is_float = types[t].digits > 0;
    for (int kind = is_float ? 0 : BITS; kind < KINDS; kind++) {
        for (size_t i = 0; i < ranks * block; i++) {
            const uint64_t bits = element(kind, t, i);
            memcpy(inputs[kind] + i * types[t].size, &bits, types[t].size); /* little-endian */
        }
        record("input", kinds[kind].name, t, count, OUT_OF_PLACE, inputs[kind], ranks * block);
    }
    for (int place = 0; place < PLACES; place++) {
        for (int op = 0; op < (is_float ? OPS_OF_FLOATS : OPS); op++) {
            all_reduce(t, op, count, place);
            reduce(t, op, count, place);
            reduce_scatter(t, op, count, place);
        }
        all_gather(t, count, place);
        gather(t, count, place);
        scatter(t, count, place);
        all_to_all(t, count, place);
    }
    broadcast(t, count);
}

static unsigned char *memory(void) {
    unsigned char *memory = malloc(ranks * block * sizeof(uint64_t) + 1);
    if (memory == NULL) {
        perror("collectives");
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    return memory;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: mpirun ... collectives FOLDER COUNT...\n");
        return 2;
    }
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    char name[4096];
    snprintf(name, sizeof name, "%s/open-mpi.%d", argv[1], rank);
    file = fopen(name, "wb");
    if (file == NULL) {
        perror(name);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    for (int i = 2; i < argc; i++) {
        const size_t count = strtoul(argv[i], NULL, 10);
        root = (int)(count % ranks);
        block = (count + ranks - 1) / ranks;
        for (int kind = 0; kind < KINDS; kind++) {
            inputs[kind] = memory();
        }
        source = memory();
        target = memory();
        for (int t = 0; t < TYPES; t++) {
            calls(t, count);
        }
        for (int kind = 0; kind < KINDS; kind++) {
            free(inputs[kind]);
        }
        free(source);
        free(target);
    }
    if (fclose(file) != 0) {
        perror(name);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    MPI_Finalize();
}
