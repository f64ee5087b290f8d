namespace Lowrank.Language;

/// <summary>Takes blanks away from the ends.</summary>
sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(AlignedText text)
    {
        string present = text.Text;
        int start = 0, end = present.Length;
        while (left && start < end && char.IsWhiteSpace(present[start])) start++;
        while (right && end > start && char.IsWhiteSpace(present[end - 1])) end--;
        text.Cut(start, end);
    }
}
