using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Divides a prompt into chunks as AUTOMATIC1111 does (tokenize_line of modules/sd_hijack_clip.py, v1.10.1).</summary>
sealed class WebUiChunks(ClipTokenizer tokenizer, int backtrack)
{
    readonly int room = tokenizer.Length - 2;
    readonly long comma = tokenizer.EncodeBare(",")[0];
    // The longest first, as the web UI takes them.
    readonly (long[] Spelled, IReadOnlyList<long> Ids)[] words =
    [
        .. tokenizer.Taught
            .Select(word => (Spelled: tokenizer.EncodeBare(word.Name), word.Ids))
            .OrderByDescending(word => word.Spelled.Length),
    ];

    readonly List<TokenChunk> done = [];
    List<long> ids = [];
    List<double> weights = [];
    int lastComma = -1, tokens;

    /// <summary>Adds a stretch of the prompt.</summary>
    public void Add(WeightedText stretch)
    {
        long[] given = tokenizer.EncodeBare(stretch.Text);
        for (int at = 0; at < given.Length;)
        {
            if (given[at] == comma) lastComma = ids.Count;
            else if (ids.Count == room && lastComma >= 0 && ids.Count - lastComma <= backtrack) MoveOn(lastComma + 1);
            if (ids.Count == room) Break();
            var (taken, used) = TokensAt(given, at);
            if (ids.Count + taken.Count > room) Break();
            ids.AddRange(taken);
            weights.AddRange(Enumerable.Repeat(stretch.Weight, taken.Count));
            at += used;
        }
    }

    /// <summary>Ends the present chunk.</summary>
    public void Break()
    {
        tokens += room;
        Close();
    }

    /// <summary>The chunks of all that was added.</summary>
    public ChunkedPrompt Finish()
    {
        tokens += ids.Count;
        if (ids.Count > 0 || done.Count == 0) Close();
        return new(done, tokens);
    }

    // What follows the last comma goes into the next chunk.
    void MoveOn(int from)
    {
        var (movedIds, movedWeights) = (ids[from..], weights[from..]);
        (ids, weights) = (ids[..from], weights[..from]);
        Break();
        (ids, weights) = (movedIds, movedWeights);
    }

    void Close()
    {
        var chunk = TokenChunk.Of(tokenizer, ids, weights);
        done.Add(tokenizer.PadId == tokenizer.EndId ? chunk : chunk with { Ids = PaddedBehindEnd(chunk.Ids) });
        (ids, weights, lastComma) = ([], [], -1);
    }

    // A prompt may name the end itself.
    IReadOnlyList<long> PaddedBehindEnd(IReadOnlyList<long> all)
    {
        var before = all.TakeWhile(id => id != tokenizer.EndId).Append(tokenizer.EndId).ToList();
        return [.. before, .. Enumerable.Repeat((long)tokenizer.PadId, all.Count - before.Count)];
    }

    // A word that was taught, or the token itself.
    (IReadOnlyList<long> Taken, int Used) TokensAt(long[] given, int at)
    {
        foreach (var (spelled, own) in words)
            if (given.AsSpan(at).StartsWith(spelled)) return (own, spelled.Length);
        return ([given[at]], 1);
    }
}
