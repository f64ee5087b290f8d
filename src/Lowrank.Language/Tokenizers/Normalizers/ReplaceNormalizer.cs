namespace Lowrank.Language;

/// <summary>Puts a text in the place of each match of a pattern.</summary>
sealed class ReplaceNormalizer(TextPattern pattern, string content) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(AlignedText text) => text.Replace(pattern.Find(text.Text), content);
}
