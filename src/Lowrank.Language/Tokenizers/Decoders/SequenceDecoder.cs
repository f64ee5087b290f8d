namespace Lowrank.Language;

/// <summary>Several, one after the other.</summary>
sealed class SequenceDecoder(IReadOnlyList<ITokenDecoder> decoders) : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        foreach (var decoder in decoders) tokens = decoder.Decode(tokens);
        return tokens;
    }
}
