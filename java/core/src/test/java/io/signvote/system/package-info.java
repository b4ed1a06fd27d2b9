/** Whole jobs for tests: ranks in processes of their own, told what to do line by line. */
package io.signvote.system;
