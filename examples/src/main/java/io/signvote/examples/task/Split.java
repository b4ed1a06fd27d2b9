package io.signvote.examples.task;

/** Samples that are never learnt from. */
public enum Split {
    /** To choose settings by. */
    VALIDATION,
    /** To report. */
    TEST
}
