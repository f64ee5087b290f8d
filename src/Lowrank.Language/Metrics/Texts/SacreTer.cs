namespace Lowrank.Language;

/// <summary>Translation edit rate as sacreBLEU computes it after Tercom (Snover et al. 2006), in percent: lower is better.</summary>
/// <param name="Normalized">Whether punctuation is parted from words.</param>
public sealed record SacreTer(bool Normalized = false)
{
    const int LongestShift = 10, FarthestShift = 50, MostCandidates = 1000;

    /// <summary>Of texts: each row's fewest edits over the mean lengths of its references.</summary>
    public double Of(IReadOnlyList<ScoredText> texts)
    {
        double edits = 0, lengths = 0;
        foreach (var row in ScoredWords.Of(texts, text => TercomWords.Of(text, Normalized)))
        {
            edits += row.References.Min(reference => Edits([.. row.Hypothesis], [.. reference]));
            lengths += row.References.Average(reference => reference.Count);
        }
        if (lengths == 0) return edits > 0 ? 100 : 0;
        return 100 * edits / lengths;
    }

    // Shifts are made as long as one saves an edit; a shift is an edit.
    static int Edits(string[] words, string[] reference)
    {
        if (reference.Length == 0) return words.Length;
        int shifts = 0, tried = 0;
        while (true)
        {
            var (saved, shifted) = BestShift(words, reference, ref tried);
            if (tried >= MostCandidates || saved <= 0) return shifts + new TercomEdits(words, reference).Count;
            shifts++;
            words = shifted;
        }
    }

    static (int Saved, string[] Words) BestShift(string[] words, string[] reference, ref int tried)
    {
        var edits = new TercomEdits(words, reference);
        (int Saved, int Length, int From, int To) best = (int.MinValue, 0, 0, 0);
        var shifted = words;
        foreach (var (from, to, length) in Shared(words, reference))
        {
            if (!MayShift(edits, from, to, length)) continue;
            foreach (int target in Targets(edits, to, length))
            {
                var moved = Moved(words, from, length, target);
                tried++;
                // What saves most, then the longest, then the first to be taken, then the first place.
                var candidate = (edits.Count - new TercomEdits(moved, reference).Count, length, -from, -target);
                if (candidate.CompareTo(best) <= 0) continue;
                (best, shifted) = (candidate, moved);
            }
            if (tried >= MostCandidates) break;
        }
        return (best.Saved == int.MinValue ? 0 : best.Saved, shifted);
    }

    static IEnumerable<(int From, int To, int Length)> Shared(string[] words, string[] reference)
    {
        for (int from = 0; from < words.Length; from++)
            for (int to = 0; to < reference.Length; to++)
            {
                if (Math.Abs(from - to) > FarthestShift) continue;
                int most = Math.Min(LongestShift, Math.Min(words.Length - from, reference.Length - to));
                for (int length = 1; length <= most && words[from + length - 1] == reference[to + length - 1]; length++)
                    yield return (from, to, length);
            }
    }

    // Words are shifted only where they are wrong, to a place that is wrong, and not into themselves.
    static bool MayShift(TercomEdits edits, int from, int to, int length)
    {
        if (!edits.HypothesisEdited.Skip(from).Take(length).Any(edited => edited)) return false;
        if (!edits.ReferenceEdited.Skip(to).Take(length).Any(edited => edited)) return false;
        int place = edits.PlaceOf[to];
        return place < from || place >= from + length;
    }

    static IEnumerable<int> Targets(TercomEdits edits, int to, int length)
    {
        int before = -1;
        for (int offset = -1; offset < length; offset++)
        {
            if (to + offset >= edits.PlaceOf.Count) yield break;
            int target = to + offset < 0 ? 0 : edits.PlaceOf[to + offset] + 1;
            if (target != before) yield return target;
            before = target;
        }
    }

    static string[] Moved(string[] words, int from, int length, int target)
    {
        var block = words[from..(from + length)];
        if (target < from) return [.. words[..target], .. block, .. words[target..from], .. words[(from + length)..]];
        if (target > from + length) return [.. words[..from], .. words[(from + length)..target], .. block, .. words[target..]];
        int end = Math.Min(words.Length, length + target);
        return [.. words[..from], .. words[(from + length)..end], .. block, .. words[end..]];
    }
}
