namespace Lowrank.Language;

/// <summary>One answer of a conversation, rendered as it is asked for and as it was given.</summary>
/// <param name="Message">Number of the assistant's message, from 0.</param>
/// <param name="Prompt">All before it, as far as the model is to go on.</param>
/// <param name="Text">The same up to the end of the answer.</param>
/// <param name="PromptDiffersAt">First UTF-16 unit in which the text is not the prompt; null where it begins with all of it.</param>
/// <param name="WholeDiffersAt">First UTF-16 unit that later turns have rewritten; null where they have not.</param>
public sealed record ChatTurn(int Message, RenderedText Prompt, RenderedText Text, int? PromptDiffersAt, int? WholeDiffersAt)
{
    /// <summary>Whether what the model is asked to go on with is what its answer is shown behind.</summary>
    public bool PromptIsPrefix => PromptDiffersAt is null;

    /// <summary>Whether the turn stands in the whole conversation as it was rendered when it was the last.</summary>
    public bool StaysInWhole => WholeDiffersAt is null;

    /// <summary>The answer within <see cref="Text"/>, in UTF-16 units; null where there is no exact one.</summary>
    public TextSpan? Answer => PromptIsPrefix ? new(Prompt.Text.Length, Text.Text.Length) : null;
}
