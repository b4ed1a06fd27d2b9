package io.signvote;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.bits.OffHeap;
import io.signvote.error.ConfigurationException;
import io.signvote.op.DataType;
import io.signvote.op.ReduceOp;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Elements read and write the memory that they name, and nothing else. */
class ElementsTest {
    private static final int COUNT = 1_000;

    @ParameterizedTest
    @EnumSource
    void shouldReadAndWriteAnyPart(final Lent.Form form) {
        for (final DataType type : DataType.values()) {
            final Random draw = new Random(type.ordinal());
            final byte[] model = new byte[(int) type.sizeOf(COUNT)];
            draw.nextBytes(model);
            try (Lent lent = new Lent(form, type, COUNT, model);
                    OffHeap copy = new OffHeap(model.length)) {
                final Elements elements = lent.elements();
                final int unit = type == DataType.SIGN ? 64 : 1;
                for (int i = 0; i < 100; i++) {
                    final int first = draw.nextInt(COUNT / unit) * unit;
                    final int n = draw.nextInt(COUNT - first) / unit * unit;
                    final int at = (int) type.sizeOf(first);
                    final byte[] part = new byte[(int) type.sizeOf(n)];
                    elements.slice(first, n).read(0, n, copy.address());
                    new UnsafeBuffer(copy.address(), part.length).getBytes(0, part);
                    assertArrayEquals(Arrays.copyOfRange(model, at, at + part.length), part, form + " " + type);

                    draw.nextBytes(part);
                    System.arraycopy(part, 0, model, at, part.length);
                    new UnsafeBuffer(copy.address(), part.length).putBytes(0, part);
                    elements.write(copy.address(), first, n);
                    assertArrayEquals(model, lent.content(), form + " " + type);
                }
            }
        }
    }

    @Test
    void shouldSeeTheNumbersOfAnArray() {
        final double[] doubles = {1, -2.5};
        final int[] ints = {1 << 30, -7};
        try (OffHeap copy = new OffHeap(16)) {
            Elements.of(doubles).read(1, 1, copy.address());
            assertEquals(-2.5, UnsafeApi.getDouble(copy.address()));
            Elements.of(ints).read(0, 2, copy.address());
            assertEquals(-7, UnsafeApi.getInt(copy.address() + 4));
            UnsafeApi.putInt(copy.address(), 5);
            Elements.of(ints).slice(1, 1).write(copy.address(), 0, 1);
            assertEquals(5, ints[1]);
        }
    }

    @Test
    void shouldFindMemoryInCommon() {
        final float[] array = new float[10];
        final Elements all = Elements.of(array);
        assertTrue(all.slice(0, 5).overlaps(all.slice(4, 2)));
        assertFalse(all.slice(0, 5).overlaps(all.slice(5, 5)));
        assertFalse(all.overlaps(Elements.of(new float[10])));
        assertFalse(all.overlaps(Elements.at(16, 10, DataType.FLOAT32)));
        final Elements joined = Elements.join(Elements.at(4096, 4, DataType.FLOAT32), all.slice(2, 2));
        assertTrue(joined.overlaps(all.slice(3, 1)));
        assertTrue(joined.overlaps(null, 4111, 4112));
        assertFalse(joined.overlaps(null, 4112, 5000));
        assertFalse(joined.slice(0, 4).overlaps(all));
    }

    /** The buffer was wrapped around other memory, and nothing else names the memory of the elements. */
    @Test
    void shouldKeepTheMemoryOfAnAgronaBuffer() throws Exception {
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16));
        final WeakReference<ByteBuffer> memory = new WeakReference<>(buffer.byteBuffer());
        final Elements elements = Elements.of(buffer, DataType.INT8);
        buffer.wrap(new byte[8]);
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertTrue(memory.get() != null, "the memory was collected");
        assertEquals(1 << 16, elements.count());
    }

    @Test
    void shouldForgetTheMemoryOfACallThatIsDone() throws Exception {
        try (LocalJob job = new LocalJob(1, new Context())) {
            job.run(communicator -> {
                for (final ReduceOp op : new ReduceOp[] {ReduceOp.SUM, ReduceOp.MAJORITY}) {
                    float[] array = new float[1 << 20];
                    final WeakReference<float[]> memory = new WeakReference<>(array);
                    communicator.allReduce(Elements.of(array), Elements.of(array), op);
                    array = null;
                    for (int i = 0; i < 200 && memory.get() != null; i++) {
                        System.gc();
                        Thread.sleep(5);
                    }
                    assertEquals(null, memory.get(), () -> op + " keeps the array of its caller");
                }
            });
        }
    }

    @Test
    void shouldGiveAnAddressOnlyWithoutAGap() {
        final Elements joined = Elements.join(
                Elements.at(4096, 4, DataType.FLOAT32),
                Elements.at(8192, 4, DataType.FLOAT32),
                Elements.of(new float[4]));
        assertEquals(4100, joined.address(1, 3));
        assertEquals(0, joined.address(1, 4));
        assertEquals(8196, joined.address(5, 1));
        assertEquals(0, joined.address(9, 1));
        assertEquals(0, Elements.at(4098, 1, DataType.FLOAT32).address(0, 1), "not aligned");
    }

    @Test
    void shouldRefuseWhatNamesNoElements() {
        final ByteBuffer bigEndian = ByteBuffer.allocateDirect(8);
        final ByteBuffer odd = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN);
        final Elements floats = Elements.of(new float[4]);
        final Elements signs = Elements.signs(new long[2], 100);
        refused("buffer is big-endian", () -> Elements.of(bigEndian, DataType.FLOAT32));
        refused("buffer has 6 bytes, expected a multiple of 4 for FLOAT32", () -> Elements.of(odd, DataType.FLOAT32));
        refused("buffer has 6 bytes, expected a multiple of 8 for SIGN", () -> Elements.of(odd, DataType.SIGN));
        refused(
                "buffer is read-only and on the heap",
                () -> Elements.of(ByteBuffer.allocate(4).asReadOnlyBuffer(), DataType.INT8));
        refused("buffer=null", () -> Elements.of((ByteBuffer) null, DataType.INT8));
        refused("type=null", () -> Elements.at(8, 1, null));
        refused("address=0 is not a valid address for count=1", () -> Elements.at(0, 1, DataType.INT8));
        refused("count=-1, expected 0 to", () -> Elements.at(8, -1, DataType.INT8));
        refused("type=FLOAT32, expected a type of 16 bits", () -> Elements.of(new short[1], DataType.FLOAT32));
        refused("words has 1 words, needs 2", () -> Elements.signs(new long[1], 65));
        refused("slice(2, 3) is outside of 4 elements", () -> floats.slice(2, 3));
        refused("slice(1, 64) of signs: first=1, expected a multiple of 64", () -> signs.slice(1, 64));
        refused(
                "segment=1 is INT32[1], expected elements of type FLOAT32",
                () -> Elements.join(floats, Elements.of(new int[1])));
        refused(
                "segment=0 has 100 signs, expected a multiple of 64 in all but the last",
                () -> Elements.join(signs, signs));
        refused("segment=0 is null, give elements", () -> Elements.join((Elements) null));
        refused("join of no segments", Elements::join);
        refused(
                "count=17179869185, expected 0 to",
                () -> Elements.join(Elements.at(8, 1L << 34, DataType.INT8), Elements.at(8, 1, DataType.INT8)));
        refused(
                "target is read-only",
                () -> Elements.of(ByteBuffer.allocateDirect(4).asReadOnlyBuffer(), DataType.INT8)
                        .ensureWritable("target"));
    }

    private static void refused(final String message, final Runnable call) {
        assertMessage(assertThrows(ConfigurationException.class, call::run), message);
    }
}
