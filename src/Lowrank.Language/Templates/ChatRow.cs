namespace Lowrank.Language;

/// <summary>A text to train on.</summary>
/// <param name="Text">The text.</param>
/// <param name="Answers">The stretches that are learned, in UTF-16 units; the rest is only read.</param>
/// <param name="Message">Number of the message that this row is for, where a conversation became several rows; null for all.</param>
public sealed record ChatRow(RenderedText Text, IReadOnlyList<TextSpan> Answers, int? Message = null)
{
    /// <summary>For each token of the text 1 where it is learned, else 0.</summary>
    public IReadOnlyList<int> Mask(TokenizedText tokens) => Text.Mask(tokens, Answers);
}
