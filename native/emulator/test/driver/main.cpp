#include "api.h"

const char *kernelImage;

/* main IMAGE [TEST] */
int main(int count, char **arguments) {
    if (count < 2) {
        fprintf(stderr, "usage: %s IMAGE [TEST]\n", arguments[0]);
        return 2;
    }
    kernelImage = arguments[1];
    int run = 0;
    for (const auto &[name, body] : Tests::all()) {
        if (count > 2 && strcmp(name, arguments[2]) != 0) {
            continue;
        }
        const int before = Tests::failures();
        body();
        run++;
        if (Tests::failures() != before) {
            printf("%s failed\n", name);
        }
    }
    printf("%d tests, %d failures\n", run, Tests::failures());
    return run == 0 || Tests::failures() != 0;
}
