namespace Lowrank.Language;

/// <summary>One of Unicode's normalization forms: NFC, NFD, NFKC, NFKD.</summary>
sealed class FormNormalizer(bool composed, bool compatible) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(AlignedText text)
    {
        if (NormalizationForms.Of(text.Text, composed, compatible) is { } changes) text.Change(changes);
    }
}
