/* C = alpha op(A) op(B) + beta C, all by columns. */
#include "handle.h"

using namespace emu;

namespace {
struct Matrix {
    const float *values;
    int leading;
    bool isTransposed;

    float at(int row, int column) const {
        const size_t i = static_cast<size_t>(isTransposed ? column : row);
        const size_t j = static_cast<size_t>(isTransposed ? row : column);
        return values[j * static_cast<size_t>(leading) + i];
    }
    /* of `rows` by `columns` after transposition */
    Operand operand(int rows, int columns) const {
        const int storedRows = isTransposed ? columns : rows;
        const size_t storedColumns = static_cast<size_t>(isTransposed ? rows : columns);
        return {
            values,
            ((storedColumns - 1) * static_cast<size_t>(leading) + static_cast<size_t>(storedRows)) * sizeof(float)};
    }
    bool isValid(int rows, int columns) const {
        return leading >= (isTransposed ? columns : rows) && leading > 0;
    }
};
} // namespace

EMU_API cublasSgemm_v2(
    void *handle, int transposeA, int transposeB, int m, int n, int k, const float *alpha, const float *a, int lda,
    const float *b, int ldb, const float *beta, float *c, int ldc) {
    const BlasHandle *const it = handleOf(handle);
    if (it == nullptr) {
        return STATUS_NOT_INITIALIZED;
    }
    const Matrix left{a, lda, transposeA != 0}, right{b, ldb, transposeB != 0}, target{c, ldc, false};
    if (m < 0 || n < 0 || k < 0 || !left.isValid(m, k) || !right.isValid(k, n) || !target.isValid(m, n)) {
        return STATUS_INVALID_VALUE;
    }
    if (m == 0 || n == 0) {
        return STATUS_SUCCESS;
    }
    const Scalar product(*it, alpha), old(*it, beta);
    std::vector<Operand> operands = {target.operand(m, n)};
    if (k != 0) {
        operands.push_back(left.operand(m, k));
        operands.push_back(right.operand(k, n));
    }
    product.addTo(operands);
    old.addTo(operands);
    return statusOf(queueWork(
        "cublasSgemm", it->stream, operands,
        [=] {
            const float factor = product(), kept = old();
            for (int column = 0; column < n; column++) {
                for (int row = 0; row < m; row++) {
                    double sum = 0;
                    for (int i = 0; i < k; i++) {
                        sum += static_cast<double>(left.at(row, i)) * right.at(i, column);
                    }
                    float *const place = c + static_cast<size_t>(column) * static_cast<size_t>(ldc) + row;
                    /* a zero beta does not read: there may be a NaN */
                    *place = static_cast<float>(factor * sum + (kept == 0 ? 0.0 : static_cast<double>(kept) * *place));
                }
            }
        },
        false));
}
