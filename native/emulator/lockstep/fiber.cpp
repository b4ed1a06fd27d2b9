#include "fiber.h"
#include <new>
#include <string.h>
#include <sys/mman.h>

static constexpr size_t GUARD_BYTES = 4096;

/*
 * Saves what a call preserves on this stack and its pointer in *from, goes to the stack `to`, restores. swapcontext
 * does the same with a system call each time; __builtin_longjmp may not stand beside the __builtin_setjmp it returns
 * to.
 */
extern "C" void emu_switch(void **from, void *to);
asm(R"(
    .text
    .p2align 4
    .hidden emu_switch
    .globl emu_switch
    .type emu_switch, @function
emu_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size emu_switch, . - emu_switch
)");

/* What emu_switch finds on a stack that nobody has run on yet. */
struct FirstFrame {
    void *registers[6];
    void (*enter)();
    void *no_caller; /* where a return address would stand: aligns the stack as a call does */
};

/* The fiber that a switch enters for the first time. */
static Fiber *entering;

Fiber::Fiber(void (*body)()) : body(body) {
    void *const found = mmap(
        nullptr, GUARD_BYTES + STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (found == MAP_FAILED) {
        throw std::bad_alloc();
    }
    mapping = (char *)found;
    mprotect(mapping, GUARD_BYTES, PROT_NONE);
    stack = mapping + GUARD_BYTES;
    drop();
}

Fiber::~Fiber() {
    munmap(mapping, GUARD_BYTES + STACK_BYTES);
}

void Fiber::drop() {
    const FirstFrame frame = {{}, enter, nullptr};
    static_assert(sizeof frame % 16 == 0, "the stack is aligned to 16 bytes where a function was called");
    inside = stack + STACK_BYTES - sizeof frame;
    memcpy(inside, &frame, sizeof frame);
}

void Fiber::enter() {
    Fiber *const self = entering;
    for (;;) {
        self->body();
        self->yield();
    }
}

void Fiber::resume() {
    entering = this;
    emu_switch(&outside, inside);
}

void Fiber::yield() {
    emu_switch(&inside, outside);
}
