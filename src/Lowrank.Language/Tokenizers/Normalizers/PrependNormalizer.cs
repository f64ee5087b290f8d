namespace Lowrank.Language;

/// <summary>Puts a text in front of every stretch that is not empty.</summary>
sealed class PrependNormalizer(string content) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(AlignedText text) => text.Prepend(content);
}
