namespace Lowrank.Language;

/// <summary>
/// METEOR's alignment of two rows of words, equal or of one stem: the most matches (stems weigh less), then the fewest chunks, then the
/// least way between. Found by a beam over the reference's words, as METEOR 1.5 does.
/// </summary>
sealed class MeteorAlignment
{
    const int Beam = 40;

    const double Exact = 1, Stem = 0.6;

    readonly IReadOnlyList<string> hypothesis, reference;
    readonly List<Match>[] candidates;
    readonly Path best;

    internal MeteorAlignment(IReadOnlyList<string> hypothesis, IReadOnlyList<string> reference, bool stems)
    {
        (this.hypothesis, this.reference) = (hypothesis, reference);
        // Equal texts need no stems; the beam could miss the way straight through.
        candidates = Candidates(stems && !hypothesis.SequenceEqual(reference));
        best = Search();
    }

    internal MeteorCounts Counts()
    {
        double hypothesisWeight = 0, referenceWeight = 0;
        int matches = 0, chunks = 0, last = -1;
        for (int at = 0; at < reference.Count; at++)
        {
            if (best.Matches[at] is not { } match) { last = -1; continue; }
            matches++;
            hypothesisWeight += match.Weight * WordWeight(hypothesis[match.At]);
            referenceWeight += match.Weight * WordWeight(reference[at]);
            if (last < 0 || match.At != last + 1) chunks++;
            last = match.At;
        }
        return new(hypothesis.Count, reference.Count, hypothesis.Count(FunctionWords.Holds), reference.Count(FunctionWords.Holds),
            matches, hypothesisWeight, referenceWeight, chunks);
    }

    static double WordWeight(string word) => FunctionWords.Holds(word) ? 1 - MeteorCounts.Content : MeteorCounts.Content;

    List<Match>[] Candidates(bool stems)
    {
        string[] stemsOfHypothesis = stems ? [.. hypothesis.Select(EnglishStemmer.Stem)] : [];
        var all = new List<Match>[reference.Count];
        for (int at = 0; at < reference.Count; at++)
        {
            all[at] = [];
            for (int i = 0; i < hypothesis.Count; i++)
                if (hypothesis[i] == reference[at]) all[at].Add(new(i, Exact));
            if (!stems) continue;
            string stem = EnglishStemmer.Stem(reference[at]);
            for (int i = 0; i < hypothesis.Count; i++)
                if (stemsOfHypothesis[i] == stem && hypothesis[i] != reference[at]) all[at].Add(new(i, Stem));
        }
        return all;
    }

    Path Search()
    {
        var start = new Path(reference.Count, hypothesis.Count);
        var isFixed = Fixed();
        for (int at = 0; at < reference.Count; at++)
            if (isFixed[at]) start.Used[candidates[at][0].At] = true;
        List<Path> paths = [start];
        for (int at = 0; at < reference.Count; at++)
        {
            var next = new List<Path>();
            foreach (var path in Sorted(paths).Take(Beam)) Extend(path, at, isFixed[at], next);
            paths = next;
        }
        foreach (var path in paths) path.Skip();
        return Sorted(paths).First();
    }

    // Matches whose words can match nothing else are definite.
    bool[] Fixed()
    {
        var users = new int[hypothesis.Count];
        foreach (var match in candidates.SelectMany(list => list)) users[match.At]++;
        return [.. candidates.Select(list => list.Count == 1 && users[list[0].At] == 1)];
    }

    void Extend(Path path, int at, bool isFixed, List<Path> next)
    {
        if (isFixed)
        {
            path.Take(at, candidates[at][0]);
            next.Add(path);
            return;
        }
        foreach (var match in candidates[at])
        {
            if (path.Used[match.At]) continue;
            var taken = new Path(path);
            taken.Take(at, match);
            next.Add(taken);
        }
        path.Skip();
        next.Add(path);
    }

    static IEnumerable<Path> Sorted(List<Path> paths) =>
        paths.OrderByDescending(path => path.Weight).ThenBy(path => path.Chunks).ThenBy(path => path.Distance);

    readonly record struct Match(int At, double Weight);

    sealed class Path
    {
        int last = -1;

        internal Path(int references, int hypotheses) => (Matches, Used) = (new Match?[references], new bool[hypotheses]);

        internal Path(Path other)
        {
            (Matches, Used) = ([.. other.Matches], [.. other.Used]);
            (Weight, Chunks, Distance, last) = (other.Weight, other.Chunks, other.Distance, other.last);
        }

        internal Match?[] Matches { get; }
        internal bool[] Used { get; }
        internal double Weight { get; private set; }
        internal int Chunks { get; private set; }
        internal int Distance { get; private set; }

        internal void Take(int at, Match match)
        {
            Matches[at] = match;
            Used[match.At] = true;
            // Of the hypothesis and of the reference; rounded, so that sums in another order are equal.
            Weight = Math.Round(Weight + 2 * match.Weight, 6);
            if (last >= 0 && match.At != last + 1) Chunks++;
            last = match.At;
            Distance += Math.Abs(at - match.At);
        }

        internal void Skip()
        {
            if (last >= 0) Chunks++;
            last = -1;
        }
    }
}
