package io.signvote.kernel;

/**
 * The linear algebra that a trainer and its statistics need, on float32 in the memory of one GPU. Optional: the library
 * behind it may not be installed. Streams and addresses are those of {@link DeviceKernels}. The order of additions is
 * not specified, so the last bits of a result may differ. Used by one thread at a time.
 */
public interface DeviceBlas extends AutoCloseable {
    /**
     * Multiplies matrices in row-major order: C = alpha op(A) op(B) + beta C.
     *
     * @param isTransposedA whether A is stored as its transpose, float32[inner][rows].
     * @param isTransposedB whether B is stored as its transpose, float32[columns][inner].
     * @param rows of op(A) and C.
     * @param columns of op(B) and C.
     * @param inner columns of op(A), rows of op(B).
     * @param alpha factor of the product.
     * @param a float32[rows][inner].
     * @param b float32[inner][columns].
     * @param beta factor of the old C. If it is 0, C is not read.
     * @param c float32[rows][columns], neither A nor B.
     * @param stream handle.
     */
    void multiply(
            boolean isTransposedA,
            boolean isTransposedB,
            int rows,
            int columns,
            int inner,
            float alpha,
            long a,
            long b,
            float beta,
            long c,
            long stream);

    /**
     * Computes the Euclidean norm of a vector.
     *
     * @param values float32[n].
     * @param n values, at least 1.
     * @param result device address of a float32.
     * @param stream handle.
     */
    void norm(long values, int n, long result, long stream);

    /**
     * Computes the sum of a vector's magnitudes.
     *
     * @param values float32[n].
     * @param n values, at least 1.
     * @param result device address of a float32.
     * @param stream handle.
     */
    void absoluteSum(long values, int n, long result, long stream);

    /**
     * Computes the dot product of two vectors. With a vector of ones it is the sum of the other.
     *
     * @param x float32[n].
     * @param y float32[n]; may be x.
     * @param n values, at least 1.
     * @param result device address of a float32.
     * @param stream handle.
     */
    void dot(long x, long y, int n, long result, long stream);

    /**
     * Multiplies two vectors element by element.
     *
     * @param x float32[n].
     * @param y float32[n]; may be x.
     * @param n values, at least 1.
     * @param target float32[n]; may be x.
     * @param stream handle.
     */
    void multiplyElements(long x, long y, int n, long target, long stream);

    /** Frees the resources of the library. Calling it again does nothing. */
    @Override
    void close();
}
