using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>A sequence of tokens that a text encoder takes at once: 77 with begin and end.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="Weights">How much each one's state counts.</param>
public sealed record TokenChunk(IReadOnlyList<long> Ids, IReadOnlyList<double> Weights)
{
    /// <summary>A chunk of these tokens between begin and end, and padding behind.</summary>
    /// <exception cref="LowrankException">They are more than fit.</exception>
    public static TokenChunk Of(ClipTokenizer tokenizer, IReadOnlyList<long> ids, IReadOnlyList<double> weights)
    {
        int room = tokenizer.Length - 2 - ids.Count;
        if (room < 0)
            throw new LowrankException(
                $"{ids.Count} tokens that belong together were given, and a text encoder takes {tokenizer.Length - 2} at once.");
        return new(
            [tokenizer.BeginId, .. ids, tokenizer.EndId, .. Enumerable.Repeat((long)tokenizer.PadId, room)],
            [1, .. weights, 1, .. Enumerable.Repeat(1.0, room)]);
    }

    /// <summary>A chunk of no words.</summary>
    public static TokenChunk Empty(ClipTokenizer tokenizer) => Of(tokenizer, [], []);
}
