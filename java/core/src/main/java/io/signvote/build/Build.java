package io.signvote.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * The identity of a build. {@code ci/build-identity} writes it into the jar, its manifest and the native libraries. A
 * clone and an archive of one commit are builds of the same sources; only the clone names the commit. Immutable.
 *
 * @param version of the project, or {@code unknown}.
 * @param commit of the tree, in full, or {@code none} if the tree had no history.
 * @param isChanged whether a source of the library differed from that commit.
 * @param wire version of the data frames.
 * @param sources hash of the library's sources; empty for a native library, which has no Java.
 * @param natives hash of the sources of the native kernels.
 */
public record Build(String version, String commit, boolean isChanged, String wire, String sources, String natives) {
    private static final String RESOURCE = "build.properties";
    private static final String UNKNOWN = "unknown";
    private static final String NONE = "none";
    private static final int COMMIT_LENGTH = 12;
    /** Pattern of a {@link #text()}. Its groups are the parts that two builds of the same sources share. */
    private static final Pattern TREE =
            Pattern.compile("^(\\S+) (?:no commit|commit [0-9a-f]+)(?: changed)? (\\(sources [0-9a-f]+\\) wire \\d+)$");

    private static final Build CURRENT = read();

    /**
     * The build that this class belongs to.
     *
     * @return its identity; {@link #isKnown()} is false if no build has written it.
     */
    public static Build current() {
        return CURRENT;
    }

    /**
     * Reads an identity.
     *
     * @param properties lines of {@code name=value}; a missing line is an unknown value.
     * @return the identity.
     */
    public static Build of(final Properties properties) {
        return new Build(
                properties.getProperty("version", UNKNOWN),
                properties.getProperty("commit", NONE),
                Boolean.parseBoolean(properties.getProperty("changed")),
                properties.getProperty("wire", UNKNOWN),
                properties.getProperty("sources", ""),
                properties.getProperty("natives", UNKNOWN));
    }

    /**
     * Reads an identity.
     *
     * @param lines of {@code name=value}.
     * @return the identity.
     */
    public static Build of(final String lines) {
        final Properties properties = new Properties();
        try {
            properties.load(new StringReader(lines));
        } catch (final IOException e) {
            throw new IllegalStateException("a text cannot fail to be read", e);
        }
        return of(properties);
    }

    /**
     * Whether a build has written this identity.
     *
     * @return false for classes that were not compiled by the project's build.
     */
    public boolean isKnown() {
        return !UNKNOWN.equals(version);
    }

    /**
     * The identity as text. Ranks send it when they join, and the coordinator compares it; see {@link #isSame}.
     *
     * @return one line, for example {@code 0.1.0 commit 2d7a781ef62d (sources 7269465ed18f8f20) wire 2}; empty if the
     *     identity is not known. Nobody compares an empty text.
     */
    public String text() {
        if (!isKnown()) {
            return "";
        }
        return version + " " + tree() + (isChanged ? " changed" : "") + " (sources " + sources + ") wire " + wire;
    }

    /**
     * Compares two builds that meet in one job. Version, wire version and the hash of the library's sources must be
     * equal. The commits may differ: a tree without git has none, and a commit may leave every source unchanged.
     *
     * @param one a {@link #text()}. Any other text is compared in full.
     * @param other another text.
     * @return whether both are builds of the same sources.
     */
    public static boolean isSame(final String one, final String other) {
        return TREE.matcher(one)
                .replaceFirst("$1 $2")
                .equals(TREE.matcher(other).replaceFirst("$1 $2"));
    }

    /**
     * Compares the native library of this build with a library that was found. They fit if version, wire version and
     * the hash of the native sources are equal. A commit that changes none of these sources does not matter.
     *
     * @param library identity that the library carries.
     * @param name of the library, for the message.
     * @return null if they fit or if this build is not known, else both builds and the remedy.
     */
    public String refusalOf(final Build library, final String name) {
        if (!isKnown()
                || version.equals(library.version) && wire.equals(library.wire) && natives.equals(library.natives)) {
            return null;
        }
        return name + " is of build " + library.textOfNatives() + ", this jar of build " + textOfNatives()
                + ": use the native library that was built with the jar (mvn package builds both)";
    }

    private String textOfNatives() {
        return isKnown()
                ? version + " " + tree() + " (natives " + natives + ") wire " + wire
                : "unknown (it carries no identity)";
    }

    private String tree() {
        return NONE.equals(commit)
                ? "no commit"
                : "commit " + commit.substring(0, Math.min(COMMIT_LENGTH, commit.length()));
    }

    private static Build read() {
        try (InputStream written = Build.class.getResourceAsStream(RESOURCE)) {
            final Properties properties = new Properties();
            if (written != null) {
                properties.load(written);
            }
            return of(properties);
        } catch (final IOException e) {
            return of(new Properties());
        }
    }
}
