namespace Lowrank.Language;

/// <summary>Several, one after the other.</summary>
sealed class SequenceNormalizer(IReadOnlyList<INormalizer> normalizers) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(AlignedText text)
    {
        foreach (var normalizer in normalizers) normalizer.Normalize(text);
    }
}
