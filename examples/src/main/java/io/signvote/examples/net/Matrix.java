package io.signvote.examples.net;

import java.util.Arrays;

/**
 * The two matrix products that the layers are made of, row-major, float32. Each sum is taken in an order that depends on
 * the shapes alone, so that the same input always gives the same bits.
 *
 * <p>An instance owns scratch memory and belongs to one thread.
 */
final class Matrix {
    /** Columns worked on at a time: five rows of it stay in the nearest cache. */
    private static final int PANEL = 512;

    private final float[] row0 = new float[PANEL];
    private final float[] row1 = new float[PANEL];
    private final float[] row2 = new float[PANEL];
    private final float[] row3 = new float[PANEL];
    private float[][] panel = new float[0][];

    /**
     * C += A B.
     *
     * @param a       m by k, from {@code aOffset} on; may be the array that holds all parameters.
     * @param aOffset first element of A.
     * @param b       k by n.
     * @param c       m by n, another array than the others.
     * @param m       rows of A and C.
     * @param k       columns of A, rows of B.
     * @param n       columns of B and C.
     */
    void addProduct(
            final float[] a,
            final int aOffset,
            final float[] b,
            final float[] c,
            final int m,
            final int k,
            final int n) {
        reserve(m);
        for (int column = 0; column < n; column += PANEL) {
            final int width = Math.min(PANEL, n - column);
            for (int i = 0; i < m; i++) {
                System.arraycopy(c, i * n + column, panel[i], 0, width);
            }
            int l = 0;
            for (; l + 3 < k; l += 4) {
                System.arraycopy(b, l * n + column, row0, 0, width);
                System.arraycopy(b, (l + 1) * n + column, row1, 0, width);
                System.arraycopy(b, (l + 2) * n + column, row2, 0, width);
                System.arraycopy(b, (l + 3) * n + column, row3, 0, width);
                for (int i = 0; i < m; i++) {
                    final int p = aOffset + i * k + l;
                    addRows(a[p], a[p + 1], a[p + 2], a[p + 3], row0, row1, row2, row3, panel[i], width);
                }
            }
            for (; l < k; l++) {
                System.arraycopy(b, l * n + column, row0, 0, width);
                for (int i = 0; i < m; i++) {
                    addRow(a[aOffset + i * k + l], row0, panel[i], width);
                }
            }
            for (int i = 0; i < m; i++) {
                System.arraycopy(panel[i], 0, c, i * n + column, width);
            }
        }
    }

    /**
     * C += A B<sup>T</sup>, in tiles of two by four sums held in registers.
     *
     * @param a       m by n.
     * @param b       k by n.
     * @param c       m by k, from {@code cOffset} on; another array than the others.
     * @param cOffset first element of C.
     * @param m       rows of A and C.
     * @param k       rows of B, columns of C.
     * @param n       columns of A and B.
     */
    void addProductTransposed(
            final float[] a,
            final float[] b,
            final float[] c,
            final int cOffset,
            final int m,
            final int k,
            final int n) {
        for (int i = 0; i < m; i += 2) {
            for (int j = 0; j < k; j += 4) {
                if (i + 2 <= m && j + 4 <= k) {
                    addTile(a, b, c, i * n, j * n, cOffset + i * k + j, k, n);
                } else {
                    addEdge(a, b, c, cOffset, i, Math.min(m, i + 2), j, Math.min(k, j + 4), k, n);
                }
            }
        }
    }

    /**
     * Swaps rows and columns.
     *
     * @param a       m by n, from {@code aOffset} on.
     * @param aOffset first element of A.
     * @param target  n by m.
     * @param m       rows of A.
     * @param n       columns of A.
     */
    static void transpose(final float[] a, final int aOffset, final float[] target, final int m, final int n) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                target[j * m + i] = a[aOffset + i * n + j];
            }
        }
    }

    // Rows that start at index 0 of arrays of their own are what the JIT turns into vector instructions; with offsets
    // into
    // shared arrays it does not, and runs at a third of the speed.
    private static void addRows(
            final float a0,
            final float a1,
            final float a2,
            final float a3,
            final float[] b0,
            final float[] b1,
            final float[] b2,
            final float[] b3,
            final float[] c,
            final int width) {
        for (int j = 0; j < width; j++) {
            c[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
        }
    }

    private static void addRow(final float a, final float[] b, final float[] c, final int width) {
        for (int j = 0; j < width; j++) {
            c[j] += a * b[j];
        }
    }

    private static void addTile(
            final float[] a,
            final float[] b,
            final float[] c,
            final int aRow,
            final int bRow,
            final int cell,
            final int k,
            final int n) {
        final int b1 = bRow + n;
        final int b2 = b1 + n;
        final int b3 = b2 + n;
        float s00 = 0;
        float s01 = 0;
        float s02 = 0;
        float s03 = 0;
        float s10 = 0;
        float s11 = 0;
        float s12 = 0;
        float s13 = 0;
        for (int x = 0; x < n; x++) {
            final float u = a[aRow + x];
            final float v = a[aRow + n + x];
            final float y0 = b[bRow + x];
            final float y1 = b[b1 + x];
            final float y2 = b[b2 + x];
            final float y3 = b[b3 + x];
            s00 += u * y0;
            s01 += u * y1;
            s02 += u * y2;
            s03 += u * y3;
            s10 += v * y0;
            s11 += v * y1;
            s12 += v * y2;
            s13 += v * y3;
        }
        c[cell] += s00;
        c[cell + 1] += s01;
        c[cell + 2] += s02;
        c[cell + 3] += s03;
        c[cell + k] += s10;
        c[cell + k + 1] += s11;
        c[cell + k + 2] += s12;
        c[cell + k + 3] += s13;
    }

    private static void addEdge(
            final float[] a,
            final float[] b,
            final float[] c,
            final int cOffset,
            final int iFrom,
            final int iTo,
            final int jFrom,
            final int jTo,
            final int k,
            final int n) {
        for (int i = iFrom; i < iTo; i++) {
            for (int j = jFrom; j < jTo; j++) {
                float sum = 0;
                for (int x = 0; x < n; x++) {
                    sum += a[i * n + x] * b[j * n + x];
                }
                c[cOffset + i * k + j] += sum;
            }
        }
    }

    private void reserve(final int rows) {
        final int held = panel.length;
        if (held < rows) {
            panel = Arrays.copyOf(panel, rows);
            for (int i = held; i < rows; i++) {
                panel[i] = new float[PANEL];
            }
        }
    }
}
