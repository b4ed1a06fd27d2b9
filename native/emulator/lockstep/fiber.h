/*
 * Fibers: stacks of their own that one thread runs in turn. resume() goes in, yield() comes back out. Each runs a body
 * again and again, a yield between; one that is dropped half-way starts afresh at its next resume.
 */
#ifndef SIGNVOTE_FIBER_H
#define SIGNVOTE_FIBER_H

#include <stddef.h>

class Fiber {
  public:
    static constexpr size_t STACK_BYTES = 64 * 1024;

    explicit Fiber(void (*body)());
    ~Fiber();
    Fiber(const Fiber &) = delete;
    Fiber &operator=(const Fiber &) = delete;

    /* Runs the body, or what is left of it, until the next yield(). Not from within a fiber. */
    void resume();

    /* Leaves this fiber, which is running; returns when it is resumed. */
    void yield();

    /* Forgets what it was doing. Not from within it. */
    void drop();

    bool has_on_stack(const void *address) const {
        const char *const at = (const char *)address;
        return at >= stack && at < stack + STACK_BYTES;
    }

  private:
    [[noreturn]] static void enter();

    void (*const body)();
    char *mapping; /* a guard page, then the stack */
    char *stack;
    void *inside; /* stack pointer of the fiber while it is away, of who resumed it while it runs */
    void *outside;
};

#endif
