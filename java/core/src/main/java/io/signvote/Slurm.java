package io.signvote;

import io.signvote.Launcher.Variable;
import java.util.Map;
import java.util.Set;

/**
 * What srun says in the variables of a step. The variables of a job without a step are those of its batch script, which runs
 * once, whatever number of tasks they speak of. Pure functions of the environment.
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
     * Whether the variables of PMI are those of srun --mpi=pmi2. They then say nothing of this host, which srun's own do. Hydra
     * in a step says how many ranks this host has.
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

    /** A port of our own for every step, below those that systems give away by themselves. */
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
        // 31 steps of one job take different ones, and so does the same step of jobs in a row
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

    /** Every bracket stands for the names that its numbers and ranges make; the first of each makes the first name. */
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

    /** Tasks on this node, from a list such as {@code 2(x3),1} and our place in it. */
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
