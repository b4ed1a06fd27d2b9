package io.signvote.collective;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any frames in any order, found by coverage; {@code ci/long/fuzz} looks for more. */
class RoundFuzzTest {
    @FuzzTest
    void shouldBearAnyFrames(final byte[] script) {
        try (FrameScript frames = new FrameScript(script)) {
            frames.run();
        }
    }
}
