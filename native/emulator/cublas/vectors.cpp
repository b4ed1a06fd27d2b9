/* Sums, norms, products and updates of vectors. Sums are kept in double: no order of adding is promised, ours is a near
 * one. */
#include "handle.h"
#include <cmath>

using namespace emu;

namespace {
/* Queues a call that gives one float, to the host at once or to the device in its turn. */
template <class Compute>
int reduce(const char *name, const BlasHandle &handle, std::vector<Operand> operands, float *target, Compute compute) {
    const bool toHost = handle.pointerMode == HOST_POINTERS;
    if (!toHost) {
        operands.push_back({target, sizeof *target});
    }
    return statusOf(queueWork(
        name, handle.stream, operands, [=] { *target = compute(); }, toHost));
}
} // namespace

EMU_API cublasSasum_v2(void *handle, int n, const float *x, int incx, float *result) {
    const BlasHandle *const it = handleOf(handle);
    if (it == nullptr) {
        return STATUS_NOT_INITIALIZED;
    }
    const int count = n > 0 && incx > 0 ? n : 0;
    const std::vector<Operand> operands =
        count == 0 ? std::vector<Operand>{} : std::vector<Operand>{{x, vectorBytes(count, incx)}};
    return reduce("cublasSasum", *it, operands, result, [=] {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += std::fabs(x[elementOf(i, count, incx)]);
        }
        return static_cast<float>(sum);
    });
}

EMU_API cublasSnrm2_v2(void *handle, int n, const float *x, int incx, float *result) {
    const BlasHandle *const it = handleOf(handle);
    if (it == nullptr) {
        return STATUS_NOT_INITIALIZED;
    }
    const int count = n > 0 && incx > 0 ? n : 0;
    const std::vector<Operand> operands =
        count == 0 ? std::vector<Operand>{} : std::vector<Operand>{{x, vectorBytes(count, incx)}};
    return reduce("cublasSnrm2", *it, operands, result, [=] {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            const double value = x[elementOf(i, count, incx)];
            sum += value * value;
        }
        return static_cast<float>(std::sqrt(sum));
    });
}

EMU_API cublasSdot_v2(void *handle, int n, const float *x, int incx, const float *y, int incy, float *result) {
    const BlasHandle *const it = handleOf(handle);
    if (it == nullptr) {
        return STATUS_NOT_INITIALIZED;
    }
    const int count = n > 0 ? n : 0;
    std::vector<Operand> operands;
    if (count != 0) {
        operands = {{x, vectorBytes(count, incx)}, {y, vectorBytes(count, incy)}};
    }
    return reduce("cublasSdot", *it, operands, result, [=] {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += static_cast<double>(x[elementOf(i, count, incx)]) * y[elementOf(i, count, incy)];
        }
        return static_cast<float>(sum);
    });
}

EMU_API
cublasSaxpy_v2(void *handle, int n, const float *alpha, const float *x, int incx, float *y, int incy) {
    const BlasHandle *const it = handleOf(handle);
    if (it == nullptr || n <= 0) {
        return it == nullptr ? STATUS_NOT_INITIALIZED : STATUS_SUCCESS;
    }
    const Scalar a(*it, alpha);
    std::vector<Operand> operands = {{x, vectorBytes(n, incx)}, {y, vectorBytes(n, incy)}};
    a.addTo(operands);
    return statusOf(queueWork(
        "cublasSaxpy", it->stream, operands,
        [=] {
            const float factor = a();
            for (int i = 0; i < n; i++) {
                y[elementOf(i, n, incy)] += factor * x[elementOf(i, n, incx)];
            }
        },
        false));
}

EMU_API cublasSscal_v2(void *handle, int n, const float *alpha, float *x, int incx) {
    const BlasHandle *const it = handleOf(handle);
    if (it == nullptr || n <= 0 || incx <= 0) {
        return it == nullptr ? STATUS_NOT_INITIALIZED : STATUS_SUCCESS;
    }
    const Scalar a(*it, alpha);
    std::vector<Operand> operands = {{x, vectorBytes(n, incx)}};
    a.addTo(operands);
    return statusOf(queueWork(
        "cublasSscal", it->stream, operands,
        [=] {
            const float factor = a();
            for (int i = 0; i < n; i++) {
                x[elementOf(i, n, incx)] *= factor;
            }
        },
        false));
}

/* C = diag(x) A, or A diag(x), by columns. */
EMU_API cublasSdgmm(
    void *handle, int side, int m, int n, const float *a, int lda, const float *x, int incx, float *c, int ldc) {
    const BlasHandle *const it = handleOf(handle);
    if (it == nullptr) {
        return STATUS_NOT_INITIALIZED;
    }
    if (m < 0 || n < 0 || lda < m || lda < 1 || ldc < m || ldc < 1 || side < 0 || side > 1 || incx == 0) {
        return STATUS_INVALID_VALUE;
    }
    if (m == 0 || n == 0) {
        return STATUS_SUCCESS;
    }
    const int factors = side == 0 ? m : n;
    const auto bytes = [=](int leading) {
        return (static_cast<size_t>(n - 1) * static_cast<size_t>(leading) + static_cast<size_t>(m)) * sizeof(float);
    };
    return statusOf(queueWork(
        "cublasSdgmm", it->stream, {{a, bytes(lda)}, {x, vectorBytes(factors, incx)}, {c, bytes(ldc)}},
        [=] {
            for (int column = 0; column < n; column++) {
                for (int row = 0; row < m; row++) {
                    const size_t from = static_cast<size_t>(column) * static_cast<size_t>(lda);
                    const size_t to = static_cast<size_t>(column) * static_cast<size_t>(ldc);
                    const float factor = x[elementOf(side == 0 ? row : column, factors, incx)];
                    c[to + static_cast<size_t>(row)] = a[from + static_cast<size_t>(row)] * factor;
                }
            }
        },
        false));
}
