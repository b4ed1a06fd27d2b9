/* Steps the wall clock of the processes that preload this library, and leaves the machine's own alone: the file that
 * CLOCK_STEP_FILE names holds how many seconds are added, as an int64 in memory order. Monotonic clocks stay as they
 * are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *step;
static int (*next_clock_gettime)(clockid_t, struct timespec *);
static int (*next_gettimeofday)(struct timeval *, void *);

__attribute__((constructor)) static void open_step(void) {
    const char *name = getenv("CLOCK_STEP_FILE");
    next_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    next_gettimeofday = dlsym(RTLD_NEXT, "gettimeofday");
    const int file = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    void *map = mmap(NULL, sizeof *step, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    step = map == MAP_FAILED ? NULL : map;
}

static int64_t added(void) {
    return step == NULL ? 0 : *step;
}

int clock_gettime(clockid_t id, struct timespec *time) {
    if (next_clock_gettime == NULL) {
        open_step();
    }
    const int result = next_clock_gettime(id, time);
    if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE || id == CLOCK_TAI) {
        time->tv_sec += added();
    }
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    if (next_gettimeofday == NULL) {
        open_step();
    }
    const int result = next_gettimeofday(time, zone);
    time->tv_sec += added();
    return result;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result != NULL) {
        *result = now.tv_sec;
    }
    return now.tv_sec;
}
