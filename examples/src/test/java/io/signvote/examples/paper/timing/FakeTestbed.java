package io.signvote.examples.paper.timing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A script in place of ci/testbed, for tests that must not need root. */
public final class FakeTestbed {
    /**
     * Answers as ranks would: an average takes 41 ms and a vote 3 ms in its median train, of which it packs 0.2, tallies 0.3 and
     * unpacks 0.1 ms; a vote sends 100 bytes, an average 3100; Gloo takes what GLOO_MS says.
     */
    private static final String RANKS = String.join(
            "\n",
            "hosts=$2",
            "shift 5",
            "option=",
            "for word in \"$@\"; do",
            "    [[ $word != --* ]] || option=$word",
            "    [[ $option$word =~ ^--count[0-9]+$ ]] || continue",
            "    for ((rank = 0; rank < hosts; rank++)); do",
            "        echo \"[$rank] {\\\"count\\\": $word, \\\"wall_ms\\\": [GLOO_MS, GLOO_MS, GLOO_MS]}\"",
            "    done",
            "done",
            "for train in \"$@\"; do",
            "    case $train in mean:*) total=40 bytes=3100 ;; vote:*) total=2 bytes=100 ;; *) continue ;; esac",
            "    for ((rank = 0; rank < hosts; rank++)); do",
            "        for i in 1 0 3; do",
            "            echo \"[$rank] timing,$train,${train//[^0-9]/}$i,$((total + i)),0.2,0.3,0.1,$bytes\"",
            "        done",
            "    done",
            "done",
            "echo \"testbed: hosts=$hosts\" >&2");

    private FakeTestbed() {}

    /**
     * A testbed whose ranks answer at once.
     *
     * @param directory for the script.
     * @return a testbed.
     */
    public static Testbed answering(final Path directory) throws IOException {
        return answering(directory, 60);
    }

    /**
     * A testbed whose ranks answer at once.
     *
     * @param directory for the script.
     * @param glooMs    that Gloo takes.
     * @return a testbed.
     */
    public static Testbed answering(final Path directory, final int glooMs) throws IOException {
        return of(directory, RANKS.replace("GLOO_MS", String.valueOf(glooMs)));
    }

    /**
     * A testbed that does what it is told.
     *
     * @param directory for the script.
     * @param body      of bash.
     * @return a testbed.
     */
    public static Testbed of(final Path directory, final String body) throws IOException {
        final Path script = directory.resolve("testbed");
        Files.writeString(script, "#!/usr/bin/env bash\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Testbed(directory);
    }
}
