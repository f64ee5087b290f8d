using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Divides a prompt into chunks as ComfyUI does (tokenize_with_weights of comfy/sd1_clip.py, v0.3.64).</summary>
sealed class ComfyChunks(ClipTokenizer tokenizer)
{
    // Runs of fewer tokens are kept together.
    const int Long = 8;

    readonly int room = tokenizer.Length - 2;
    readonly List<TokenChunk> done = [];
    readonly List<long> ids = [];
    readonly List<double> weights = [];
    int tokens;

    /// <summary>Adds a run of tokens of one weight: one of 8 and more is cut where the chunk ends, a shorter one moves on whole.</summary>
    public void Add(IReadOnlyList<long> run, double weight)
    {
        tokens += run.Count;
        for (int at = 0; at < run.Count;)
        {
            int left = run.Count - at, free = room - ids.Count;
            int taken = left <= free ? left : run.Count >= Long ? free : 0;
            ids.AddRange(run.Skip(at).Take(taken));
            weights.AddRange(Enumerable.Repeat(weight, taken));
            at += taken;
            if (at < run.Count) Close();
        }
    }

    /// <summary>The chunks of all that was added.</summary>
    public ChunkedPrompt Finish()
    {
        Close();
        return new(done, tokens);
    }

    void Close()
    {
        done.Add(TokenChunk.Of(tokenizer, ids, weights));
        ids.Clear();
        weights.Clear();
    }
}
