namespace Lowrank.Language;

/// <summary>The tokens that llama.cpp's samplers choose from: they are dropped from the list, sorted and weighed in place.</summary>
public sealed class Candidates
{
    readonly int[] ids;
    readonly float[] logits, probabilities;
    int start;

    /// <summary>Every token of a vocabulary with its logit.</summary>
    public Candidates(ReadOnlySpan<float> logits)
    {
        ids = [.. Enumerable.Range(0, logits.Length)];
        this.logits = logits.ToArray();
        probabilities = new float[logits.Length];
        Count = logits.Length;
    }

    /// <summary>Tokens that are left.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the likeliest stands first, and so on.</summary>
    public bool IsSorted { get; internal set; }

    /// <summary>The place of the token that was chosen; −1 before.</summary>
    public int Selected { get; internal set; } = -1;

    /// <summary>The tokens, in their present order.</summary>
    public ReadOnlySpan<int> Ids => ids.AsSpan(start, Count);

    /// <summary>Their logits; −∞ for one that is banned, but not dropped.</summary>
    public Span<float> Logits => logits.AsSpan(start, Count);

    /// <summary>Their probabilities, where a sampler computed them.</summary>
    public Span<float> Probabilities => probabilities.AsSpan(start, Count);

    /// <summary>Sorts the likeliest first.</summary>
    internal void Sort()
    {
        if (IsSorted) return;
        int[] order = [.. Enumerable.Range(start, Count)];
        var keys = new float[Count];
        for (int i = 0; i < Count; i++) keys[i] = -logits[start + i];
        Array.Sort(keys, order);
        Rearrange(order);
        IsSorted = true;
    }

    /// <summary>Keeps the <paramref name="count"/> likeliest, sorted.</summary>
    internal void KeepLikeliest(int count)
    {
        if (count < Count && !IsSorted)
        {
            float least = Language.Logits.Largest(Logits, count);
            Keep(i => Logits[i] >= least);
        }
        Sort();
        KeepFirst(count);
    }

    internal void KeepFirst(int count) => Count = Math.Min(Count, count);

    internal void DropFirst(int count)
    {
        start += count;
        Count -= count;
    }

    /// <summary>Keeps those at the places for which a rule holds, in their order.</summary>
    internal void Keep(Func<int, bool> rule)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (!rule(i)) continue;
            ids[start + kept] = ids[start + i];
            logits[start + kept] = logits[start + i];
            probabilities[start + kept] = probabilities[start + i];
            kept++;
        }
        Count = kept;
    }

    /// <summary>Keeps those at the given places, in the given order.</summary>
    internal void Rearrange(IReadOnlyList<int> places)
    {
        int[] newIds = [.. places.Select(place => ids[place])];
        float[] newLogits = [.. places.Select(place => logits[place])],
            newProbabilities = [.. places.Select(place => probabilities[place])];
        newIds.CopyTo(ids, start);
        newLogits.CopyTo(logits, start);
        newProbabilities.CopyTo(probabilities, start);
        Count = places.Count;
    }

    /// <summary>Puts one token in the place of all.</summary>
    internal void Become(int id, float logit)
    {
        (ids[start], logits[start]) = (id, logit);
        Count = 1;
    }

    internal int Place(int index) => start + index;

    /// <summary>Computes the probabilities of those that are left.</summary>
    internal void Softmax(bool sorted)
    {
        if (sorted) Sort();
        float max = Language.Logits.Max(Logits), sum = 0;
        for (int i = 0; i < Count; i++) sum += Probabilities[i] = MathF.Exp(Logits[i] - max);
        for (int i = 0; i < Count; i++) Probabilities[i] /= sum;
    }
}
