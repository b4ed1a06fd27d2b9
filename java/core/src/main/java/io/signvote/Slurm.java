package io.signvote;

import io.signvote.Launcher.Variable;
import java.util.Map;
import java.util.Set;

/**
 * Reads the variables that srun sets for a step. Variables of a job without a step belong to its batch script. The
 * script runs once, even if its variables name several tasks. Pure functions of the environment.
 *
 * @see <a href="https://slurm.schedmd.com/srun.html">srun, section OUTPUT ENVIRONMENT VARIABLES</a>
 */
final class Slurm {
    private static final String NODES = "SLURM_STEP_NODELIST";
    private static final String TASKS = "SLURM_STEP_TASKS_PER_NODE";
    private static final Set<String> SPECIAL_STEPS = Set.of("batch", "extern", "interactive");

    /** Slurm numbers the batch script, the shell of salloc and the like from the end of 32 bits. */
    private static final long LEAST_SPECIAL_STEP = 0xffff_fff0L;

    private static final int PORT_LEAST = 20_000;
    private static final int PORT_COUNT = 10_000;

    private Slurm() {}

    /** Whether srun started this process, rather than the batch script. */
    static boolean isStep(final Map<String, String> environment) {
        final String step = environment.getOrDefault("SLURM_STEP_ID", "");
        return environment.containsKey("SLURM_STEP_NUM_TASKS")
                && !SPECIAL_STEPS.contains(step)
                && number(step) < LEAST_SPECIAL_STEP;
    }

    /**
     * Whether {@code srun --mpi=pmi2} has set the variables of PMI. They do not contain the number of ranks on this
     * host; srun's own variables do. Hydra in a step sets that number itself.
     */
    static boolean hasSetPmi(final Map<String, String> environment) {
        return isStep(environment)
                && !environment.containsKey("MPI_LOCALNRANKS")
                && environment.get("SLURM_STEP_NUM_TASKS").equals(environment.get("PMI_SIZE"))
                && environment.getOrDefault("SLURM_PROCID", "").equals(environment.get("PMI_RANK"));
    }

    /** Job and step, as squeue writes them. */
    static String job(final Map<String, String> environment) {
        return environment.getOrDefault("SLURM_JOB_ID", "") + "." + environment.getOrDefault("SLURM_STEP_ID", "");
    }

    /** A port for every step, below the ports that systems assign by themselves. */
    static Variable port(final Map<String, String> environment) {
        final long job = number(environment.get("SLURM_JOB_ID"));
        final long step = number(environment.get("SLURM_STEP_ID"));
        if (job < 0 || step < 0) {
            final String name = job < 0 ? "SLURM_JOB_ID" : "SLURM_STEP_ID";
            return new Variable(
                    name,
                    null,
                    "SLURM_STEP_NUM_TASKS is set and " + name + "=" + environment.get(name)
                            + " is not a number, and the port is computed from it: pass it to the ranks, or set"
                            + " SIGNVOTE_MASTER_PORT");
        }
        // the first 31 steps of a job get different ports, and so does the same step of consecutive jobs
        return new Variable(
                "SLURM_JOB_ID", Long.toString(PORT_LEAST + Math.floorMod(31 * job + step, PORT_COUNT)), null);
    }

    /** The host of rank 0: the first of a list such as {@code n[001-003,7]-ib,login}. */
    static Variable firstHost(final Map<String, String> environment) {
        final String list = environment.getOrDefault(NODES, "").trim();
        final String first = firstOf(list);
        return first.isEmpty()
                ? new Variable(
                        NODES,
                        null,
                        NODES + "=" + list
                                + " has no host for rank 0: set MASTER_ADDR to the host of rank 0 on every rank")
                : new Variable(NODES, first, null);
    }

    /** The first name of a list: each bracket is replaced by its first number. */
    private static String firstOf(final String list) {
        final StringBuilder name = new StringBuilder();
        boolean isInside = false;
        boolean isPassed = false;
        for (final char c : list.toCharArray()) {
            if (c == ',' && !isInside) {
                break;
            }
            if (c == '[' || c == ']') {
                if (isInside == (c == '[')) {
                    return "";
                }
                isInside = c == '[';
                isPassed = false;
            } else {
                isPassed |= isInside && (c == ',' || c == '-');
                if (!isPassed) {
                    name.append(c);
                }
            }
        }
        return isInside || name.indexOf("(") >= 0 ? "" : name.toString();
    }

    /** Number of tasks on this node, from a list such as {@code 2(x3),1} and the number of this node. */
    static Variable localWorldSize(final Map<String, String> environment) {
        final String list = environment.getOrDefault(TASKS, "").trim();
        final long node = number(environment.get("SLURM_NODEID"));
        long from = 0;
        for (final String entry : list.split(",")) {
            final int times = entry.indexOf("(x");
            final long tasks = number(times < 0 ? entry : entry.substring(0, times));
            final long nodes =
                    times < 0 ? 1 : number(entry.substring(times + 2, Math.max(times + 2, entry.length() - 1)));
            if (tasks < 1 || nodes < 1) {
                break;
            }
            if (node >= from && node < from + nodes) {
                return new Variable(TASKS, Long.toString(tasks), null);
            }
            from += nodes;
        }
        return new Variable(
                TASKS,
                null,
                TASKS + "=" + list + " and SLURM_NODEID=" + environment.get("SLURM_NODEID")
                        + " do not say how many ranks this host has: pass both on, or set SIGNVOTE_LOCAL_WORLD_SIZE");
    }

    /** A whole number, or -1. */
    static long number(final String text) {
        return text != null && text.trim().matches("\\d{1,18}") ? Long.parseLong(text.trim()) : -1;
    }
}
