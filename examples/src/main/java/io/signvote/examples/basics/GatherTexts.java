package io.signvote.examples.basics;

import io.signvote.Communicator;
import io.signvote.Gathered;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** An all-gather: every rank sends a text of its own length, and every rank receives all texts. */
class GatherTexts {
    /** The most bytes of all ranks together. It must be the same on every rank. */
    private static final int CAPACITY = 1024;

    public static void main(String[] args) {
        try (Communicator communicator = Communicator.connect();
                Gathered gathered = new Gathered(CAPACITY)) {
            byte[] text = ("rank " + "!".repeat(communicator.rank() + 1)).getBytes(StandardCharsets.UTF_8);
            ByteBuffer source = ByteBuffer.allocateDirect(text.length).put(text).flip();
            communicator.allGather(source, gathered);

            UnsafeBuffer view = new UnsafeBuffer(0, 0);
            StringBuilder all = new StringBuilder();
            for (int rank = 0; rank < gathered.ranks(); rank++) {
                gathered.wrap(rank, view); // no copy: the view is valid until the next call
                all.append('[')
                        .append(view.getStringWithoutLengthUtf8(0, view.capacity()))
                        .append("] ");
            }
            System.out.println(all + "of " + gathered.totalLength() + " bytes");
        }
    }
}
