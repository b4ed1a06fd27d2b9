/* accumulate, majority and tally, for 1 to 255 ballots. */
#include "oracle.h"
#include "suite.h"

namespace {

constexpr int32_t MOST = 255;
constexpr int64_t STRIDE_SLACK = 3; /* words between the end of one plane, or ballot, and the next */

struct Case {
    int64_t n;
    int32_t ballots;
    int32_t policy;
    unsigned grid;
    int64_t offset;

    std::string name(const char *kernel) const {
        return std::string(kernel) + " n=" + std::to_string(n) + " ballots=" + std::to_string(ballots) +
               " policy=" + std::to_string(policy) + " grid=" + std::to_string(grid) +
               " offset=" + std::to_string(offset);
    }
};

int planeCount(int32_t ballots) {
    return 32 - __builtin_clz((unsigned)ballots);
}

/* Ballots of which half agree with one word and half with its opposite, but for a few lanes: ties are common. */
std::vector<std::vector<uint64_t>> closeBallots(int64_t n, int32_t count, bool isDirty, Random &random) {
    const std::vector<uint64_t> common = dirtyWords(n, random);
    std::vector<std::vector<uint64_t>> ballots;
    for (int32_t m = 0; m < count; m++) {
        std::vector<uint64_t> ballot = isDirty ? dirtyWords(n, random) : words(n, random);
        const std::vector<uint64_t> other = words(n, random);
        for (size_t w = 0; w < ballot.size(); w++) {
            const uint64_t agreed = m % 2 == 0 ? common[w] : ~common[w];
            const uint64_t deviates = ballot[w] & other[w] & random.next() & random.next();
            ballot[w] = w + 1 == ballot.size() ? ballot[w] : agreed ^ deviates;
        }
        ballots.push_back(ballot);
    }
    return ballots;
}

/* Planes of wordCount words as an array of a longer stride, which ends with the last word of the last plane. */
std::vector<uint64_t> spread(const std::vector<uint64_t> &packed, int64_t words, int64_t stride, int64_t count) {
    std::vector<uint64_t> all((size_t)((count - 1) * stride + words), 0xDEAD);
    for (int64_t p = 0; p < count; p++) {
        for (int64_t w = 0; w < words; w++) {
            all[(size_t)(p * stride + w)] = packed[(size_t)(p * words + w)];
        }
    }
    return all;
}

void addOne(const Kernels &kernels, const Case &it, const std::vector<std::vector<uint64_t>> &ballots) {
    const int64_t words = wordCount(it.n);
    const int64_t stride = words + STRIDE_SLACK;
    const std::vector<std::vector<uint64_t>> before(ballots.begin(), ballots.begin() + it.ballots);
    const std::vector<std::vector<uint64_t>> after(ballots.begin(), ballots.begin() + it.ballots + 1);
    const int planesAfter = planeCount(it.ballots + 1);
    std::vector<uint64_t> held = planesOf(before, it.n);
    if (it.ballots == 0 || planesAfter > planeCount(it.ballots)) {
        std::fill(held.begin() + (planesAfter - 1) * words, held.end(), 0xBAD); /* a plane to be opened is dirt */
    }
    const std::vector<uint64_t> expected = spread(planesOf(after, it.n), words, stride, planesAfter);

    const DeviceArray<uint64_t> ballot(ballots[(size_t)it.ballots], it.offset);
    const DeviceArray<uint64_t> planes(spread(held, words, stride, planesAfter), it.offset);
    kernels.launch("accumulate", it.grid, (const uint64_t *)ballot.data(), planes.data(), stride, words, it.ballots);

    expectEqual(expected, planes.values(), "planes differ");
}

void decide(const Kernels &kernels, const Case &it, const std::vector<std::vector<uint64_t>> &ballots, bool isInPlace) {
    const int64_t words = wordCount(it.n);
    const int64_t stride = words + STRIDE_SLACK;
    Random random((uint64_t)it.n);
    const draw ties = {it.policy, random.next(), random.below(1000)};
    const std::vector<std::vector<uint64_t>> counted(ballots.begin(), ballots.begin() + it.ballots);
    const std::vector<uint64_t> packed = planesOf(counted, it.n);
    std::vector<uint64_t> expected((size_t)words);
    const int32_t tied =
        majority_scalar(packed.data(), (int32_t)words, expected.data(), (int32_t)it.n, it.ballots, ties);

    const DeviceArray<uint64_t> planes(spread(packed, words, stride, planeCount(it.ballots)), it.offset);
    const DeviceArray<uint64_t> elsewhere(dirtyWords(it.n, random), it.offset);
    const DeviceArray<uint64_t> counts(std::vector<uint64_t>{1000}, 0);
    uint64_t *const target = isInPlace ? planes.data() : elsewhere.data();
    kernels.launch(
        "majority", it.grid, (const uint64_t *)planes.data(), stride, target, it.n, it.ballots, ties.policy, ties.key,
        (int64_t)ties.first_word, counts.data());

    std::vector<uint64_t> decided = isInPlace ? planes.values() : elsewhere.values();
    decided.resize((size_t)words);
    expectEqual(expected, decided, "words differ");
    expectEqual(std::vector<uint64_t>{1000 + (uint64_t)tied}, counts.values(), "ties differ");
}

void tallyAll(const Kernels &kernels, const Case &it, const std::vector<std::vector<uint64_t>> &ballots) {
    const int64_t words = wordCount(it.n);
    const int64_t stride = words + STRIDE_SLACK;
    Random random((uint64_t)it.n);
    const draw ties = {it.policy, random.next(), random.below(1000)};
    const std::vector<std::vector<uint64_t>> counted(ballots.begin(), ballots.begin() + it.ballots);
    std::vector<uint64_t> expected((size_t)words);
    const int32_t tied = majority_scalar(
        planesOf(counted, it.n).data(), (int32_t)words, expected.data(), (int32_t)it.n, it.ballots, ties);

    std::vector<uint64_t> packed;
    for (const std::vector<uint64_t> &ballot : counted) {
        packed.insert(packed.end(), ballot.begin(), ballot.end());
    }
    const DeviceArray<uint64_t> source(spread(packed, words, stride, it.ballots), it.offset);
    const DeviceArray<uint64_t> target(dirtyWords(it.n, random), it.offset);
    const DeviceArray<uint64_t> counts(std::vector<uint64_t>{1000}, 0);
    kernels.launch(
        "tally", it.grid, (const uint64_t *)source.data(), stride, it.ballots, target.data(), it.n, ties.policy,
        ties.key, (int64_t)ties.first_word, counts.data());

    expectEqual(expected, target.values(), "words differ");
    expectEqual(std::vector<uint64_t>{1000 + (uint64_t)tied}, counts.values(), "ties differ");
}

void vote(const Kernels &kernels, const Case &it, const std::vector<std::vector<uint64_t>> &ballots) {
    if (it.ballots < MOST) {
        run(it.name("accumulate"), [&] { addOne(kernels, it, ballots); });
    }
    run(it.name("majority"), [&] { decide(kernels, it, ballots, false); });
    run(it.name("majority in place"), [&] { decide(kernels, it, ballots, true); });
    run(it.name("tally"), [&] { tallyAll(kernels, it, ballots); });
}

} // namespace

void testVotes(const Kernels &kernels) {
    Random random(41);
    const int64_t few = 150;
    const std::vector<std::vector<uint64_t>> all = closeBallots(few, MOST + 1, true, random);
    run("accumulate n=150 ballots=0", [&] { addOne(kernels, {few, 0, 0, 1, 0}, all); });
    for (int32_t ballots = 1; ballots <= MOST; ballots++) {
        vote(kernels, {few, ballots, POLICY_RANDOM, 1, ballots % 2}, all);
    }
    for (const int64_t n : sizes()) {
        for (const int32_t ballots : {1, 2, 3, 6, 8, 16}) {
            const std::vector<std::vector<uint64_t>> some = closeBallots(n, ballots + 1, n % 3 == 0, random);
            vote(kernels, {n, ballots, ballots % 4 == 0 ? POLICY_NEGATIVE : POLICY_RANDOM, 1, 1}, some);
            vote(kernels, {n, ballots, POLICY_POSITIVE, 3, 0}, some);
        }
    }
}
