namespace Lowrank.Language;

/// <summary>Against longer repetitions: a token that would go on with one loses the more, the longer it is (<c>dry</c>).</summary>
public sealed class LlamaDry : CandidateSampler
{
    // Tokens of a breaker that are looked at.
    const int LongestBreaker = 20;

    readonly float multiplier, growth;
    readonly int allowed, last;
    readonly List<int> written = [];
    readonly Dictionary<int, List<int[]>> breakers = [];

    /// <summary>A penalty of multiplier · base^(length − allowed).</summary>
    /// <param name="multiplier">0 for none.</param>
    /// <param name="growth">The base: at least 1, else there is none.</param>
    /// <param name="allowed">Length of a repetition that is allowed.</param>
    /// <param name="last">Tokens that are looked back; 0 or less for none.</param>
    /// <param name="breakers">Texts that no repetition goes over.</param>
    /// <param name="texts">The tokens' texts.</param>
    /// <param name="tokens">The tokens of a text, for breakers that lie across several.</param>
    public LlamaDry(float multiplier, float growth, int allowed, int last,
        IReadOnlyList<string> breakers, TokenTexts texts, Func<string, IReadOnlyList<int>> tokens)
    {
        (this.multiplier, this.growth, this.allowed, this.last) = (multiplier, growth, allowed, last);
        bool acts = multiplier != 0 && growth >= 1 && last > 0;
        foreach (string breaker in acts ? breakers : []) AddBreaker(breaker, texts, tokens);
    }

    /// <inheritdoc/>
    public override void Accept(int token)
    {
        written.Add(token);
        if (last > 0 && written.Count > last) written.RemoveAt(0);
    }

    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        bool acts = multiplier != 0 && growth >= 1 && last > 0 && written.Count > allowed;
        if (!acts) return;
        int limit = LengthSinceBreaker();
        if (limit < allowed) return;
        var lengths = Repetitions(limit);
        for (int i = 0; i < candidates.Count; i++)
        {
            if (!lengths.TryGetValue(candidates.Ids[i], out int length)) continue;
            bool isBreaker = breakers.TryGetValue(candidates.Ids[i], out var tails) && tails.Any(tail => tail.Length == 0);
            if (!isBreaker) candidates.Logits[i] -= multiplier * MathF.Pow(growth, Math.Min(length - allowed, MostExponent));
        }
        candidates.IsSorted = false;
    }

    float MostExponent => growth > 1.000001f ? 88.7228391f / MathF.Log(growth) : float.MaxValue;

    // For each token that followed what the text ends with: the length of that repetition.
    Dictionary<int, int> Repetitions(int limit)
    {
        var lengths = new Dictionary<int, int>();
        for (int end = 0; end < written.Count - 1; end++)
        {
            int length = 0;
            while (length <= end && length < limit && written[end - length] == written[written.Count - 1 - length]) length++;
            if (length >= allowed) lengths[written[end + 1]] = Math.Max(length, lengths.GetValueOrDefault(written[end + 1]));
        }
        return lengths;
    }

    int LengthSinceBreaker()
    {
        for (int back = 0; back < written.Count; back++)
        {
            if (!breakers.TryGetValue(written[written.Count - 1 - back], out var tails)) continue;
            int longest = -1;
            foreach (var tail in tails)
                if (tail.Length > longest && tail.Length <= back && Follows(tail, written.Count - back)) longest = tail.Length;
            if (longest >= 0) return back - longest;
        }
        return written.Count;
    }

    bool Follows(int[] tail, int at)
    {
        for (int i = 0; i < tail.Length; i++)
            if (written[at + i] != tail[i]) return false;
        return true;
    }

    // Tokens that hold a breaker, and those that end with its beginning, with the tokens of its rest.
    void AddBreaker(string breaker, TokenTexts texts, Func<string, IReadOnlyList<int>> tokens)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(breaker);
        if (bytes.Length == 0) throw new LowrankException("a sequence breaker is empty. Leave it out.");
        for (int id = 0; id < texts.Count; id++)
        {
            var text = texts[id];
            if (text.IndexOf(bytes) >= 0) { Add(id, []); continue; }
            for (int length = Math.Min(text.Length, bytes.Length - 1); length > 0; length--)
                if (text.EndsWith(bytes.AsSpan(0, length)))
                    Add(id, [.. tokens(System.Text.Encoding.UTF8.GetString(bytes.AsSpan(length))).Take(LongestBreaker)]);
        }
    }

    void Add(int id, int[] tail)
    {
        if (!breakers.TryGetValue(id, out var tails)) breakers[id] = tails = [];
        if (!tails.Any(known => known.SequenceEqual(tail))) tails.Add(tail);
    }
}
