/* The emulated cuBLAS against the same sums by hand, and in the order of streams. */
#include "api.h"
#include <cmath>

extern "C" {
int cublasCreate_v2(Handle *);
int cublasDestroy_v2(Handle);
int cublasSetStream_v2(Handle, Handle);
int cublasSetPointerMode_v2(Handle, int);
int cublasSasum_v2(Handle, int, const float *, int, float *);
int cublasSnrm2_v2(Handle, int, const float *, int, float *);
int cublasSdot_v2(Handle, int, const float *, int, const float *, int, float *);
int cublasSaxpy_v2(Handle, int, const float *, const float *, int, float *, int);
int cublasSscal_v2(Handle, int, const float *, float *, int);
int cublasSdgmm(Handle, int, int, int, const float *, int, const float *, int, float *, int);
int cublasSgemm_v2(
    Handle, int, int, int, int, int, const float *, const float *, int, const float *, int, const float *, float *,
    int);
int cublasDgemm_v2();
}

namespace {
/* A machine with a handle on a stream that does not wait for the default stream. */
struct Blas {
    explicit Blas(const std::string &settings) : machine(settings), stream(machine.stream()) {
        EXPECT_EQUAL(0, cublasCreate_v2(&handle));
        EXPECT_EQUAL(0, cublasSetStream_v2(handle, stream));
    }
    ~Blas() {
        EXPECT_EQUAL(0, cublasDestroy_v2(handle));
    }
    float *device(const std::vector<float> &values) {
        const Address address = machine.allocate(values.size() * sizeof(float));
        EXPECT_EQUAL(0, cuMemcpyHtoDAsync_v2(address, values.data(), values.size() * sizeof(float), stream));
        return reinterpret_cast<float *>(address);
    }
    std::vector<float> host(const float *address, size_t count) {
        std::vector<float> values(count);
        EXPECT_EQUAL(
            0, cuMemcpyDtoHAsync_v2(values.data(), reinterpret_cast<Address>(address), count * sizeof(float), stream));
        return values;
    }
    Machine machine;
    Handle stream, handle = nullptr;
};
} // namespace

TEST(sumsAndNorms) {
    Blas blas("delay=100");
    const float *const x = blas.device({3, -4, 12, 100}), *const y = blas.device({1, 2, 3, 4});
    float result = 0;
    EXPECT_EQUAL(0, cublasSasum_v2(blas.handle, 3, x, 1, &result));
    EXPECT_EQUAL(19.0f, result);
    EXPECT_EQUAL(0, cublasSnrm2_v2(blas.handle, 3, x, 1, &result));
    EXPECT_EQUAL(13.0f, result);
    EXPECT_EQUAL(0, cublasSdot_v2(blas.handle, 2, x, 2, y, 1, &result));
    EXPECT_EQUAL(27.0f, result);
    EXPECT_EQUAL(0, cublasSasum_v2(blas.handle, 0, x, 1, &result));
    EXPECT_EQUAL(0.0f, result);
}

TEST(updates) {
    Blas blas("delay=100");
    float *const x = blas.device({1, 2, 3}), *const y = blas.device({10, 20, 30});
    const float two = 2, half = 0.5f;
    EXPECT_EQUAL(0, cublasSaxpy_v2(blas.handle, 3, &two, x, 1, y, 1));
    EXPECT_EQUAL(0, cublasSscal_v2(blas.handle, 3, &half, y, 1));
    EXPECT(blas.host(y, 3) == std::vector<float>({6, 12, 18}));
}

TEST(products) {
    /* by columns: a is 2x3, b is 3x2 */
    const std::vector<float> a = {1, 2, 3, 4, 5, 6}, b = {1, 0, 2, 0, 1, 3}, expected = {11, 14, 18, 22};
    const std::vector<float> aTransposed = {1, 3, 5, 2, 4, 6}, bTransposed = {1, 0, 0, 1, 2, 3};
    const float one = 1, zero = 0;
    for (int transposed = 0; transposed < 4; transposed++) {
        Blas blas("delay=100");
        const bool ofA = (transposed & 1) != 0, ofB = (transposed & 2) != 0;
        const float *const left = blas.device(ofA ? aTransposed : a), *const right = blas.device(ofB ? bTransposed : b);
        float *const c = blas.device({NAN, NAN, NAN, NAN});
        EXPECT_EQUAL(
            0,
            cublasSgemm_v2(blas.handle, ofA, ofB, 2, 2, 3, &one, left, ofA ? 3 : 2, right, ofB ? 2 : 3, &zero, c, 2));
        EXPECT(blas.host(c, 4) == expected);
        EXPECT_EQUAL(
            0, cublasSgemm_v2(blas.handle, ofA, ofB, 2, 2, 3, &one, left, ofA ? 3 : 2, right, ofB ? 2 : 3, &one, c, 2));
        EXPECT(blas.host(c, 4) == std::vector<float>({22, 28, 36, 44}));
    }
}

TEST(scalarsOnTheDeviceAreReadInTurn) {
    Blas blas("hold=true");
    float *const x = blas.device({1, 2}), *const scalars = blas.device({3, 0});
    EXPECT_EQUAL(0, cublasSetPointerMode_v2(blas.handle, 1));
    EXPECT_EQUAL(0, cublasSscal_v2(blas.handle, 2, scalars, x, 1));
    EXPECT_EQUAL(0, cublasSasum_v2(blas.handle, 2, x, 1, scalars + 1));
    EXPECT(blas.host(scalars, 2) == std::vector<float>({3, 9}));
}

TEST(operandsAreChecked) {
    static float onHost[4];
    Blas blas("");
    const float *const x = blas.device({1, 2});
    float result = 0;
    EXPECT_EQUAL(7, cublasSasum_v2(blas.handle, 3, x, 1, &result));
    EXPECT(contains(emu::violations(), "leaves its 8 bytes"));
    EXPECT_EQUAL(7, cublasSasum_v2(blas.handle, 3, onHost, 1, &result));
    EXPECT(contains(emu::violations(), "no memory of a device"));
    EXPECT_EQUAL(15, cublasDgemm_v2());
    EXPECT_EQUAL(1, cublasSasum_v2(nullptr, 2, x, 1, &result));
}

TEST(cublasFailures) {
    Blas blas("fail=cublasCreate@2:2,fail=cublasSasum@1:719");
    Handle second = nullptr;
    float result = 0;
    EXPECT_EQUAL(3, cublasCreate_v2(&second));
    EXPECT_EQUAL(13, cublasSasum_v2(blas.handle, 1, blas.device({1}), 1, &result));
    EXPECT_EQUAL(719, cuCtxSynchronize());
}

TEST(productsWithADiagonal) {
    Blas blas("delay=100");
    const float *const a = blas.device({1, 2, 3, 4, 5, 6}), *const x = blas.device({10, 100, 1000});
    float *const c = blas.device({0, 0, 0, 0, 0, 0});
    EXPECT_EQUAL(0, cublasSdgmm(blas.handle, 1, 2, 3, a, 2, x, 1, c, 2));
    EXPECT(blas.host(c, 6) == std::vector<float>({10, 20, 300, 400, 5000, 6000}));
    EXPECT_EQUAL(0, cublasSdgmm(blas.handle, 0, 2, 3, a, 2, x, 1, c, 2));
    EXPECT(blas.host(c, 6) == std::vector<float>({10, 200, 30, 400, 50, 600}));
    EXPECT_EQUAL(7, cublasSdgmm(blas.handle, 0, 2, 3, a, 1, x, 1, c, 2));
}
