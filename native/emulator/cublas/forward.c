/*
 * A libcublas.so.12 for machines that have that of CUDA 13 alone: every call jumps to the function of the same name
 * there. For the tests on a card only (ci/gpu/run.sh); JCublas was built for 12, and the calls that we make are the
 * same in 13. The table of names with a jump for each is generated.
 */
#include <dlfcn.h>
#include <stdio.h>

#define TARGET "libcublas.so.13"
#define NOT_INITIALIZED 1

extern const char *const forwarded_names[];
extern void *forwarded[];

static int absent(void) {
    return NOT_INITIALIZED;
}

__attribute__((constructor)) static void bind(void) {
    void *const library = dlopen(TARGET, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "libcublas.so.12 that forwards: %s\n", dlerror());
    }
    for (int i = 0; forwarded_names[i] != NULL; i++) {
        void *const function = library == NULL ? NULL : dlsym(library, forwarded_names[i]);
        forwarded[i] = function == NULL ? (void *)absent : function;
    }
}
