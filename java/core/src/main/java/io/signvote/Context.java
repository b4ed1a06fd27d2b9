package io.signvote;

/** What a communicator is made from. (skeleton) */
public final class Context {}
