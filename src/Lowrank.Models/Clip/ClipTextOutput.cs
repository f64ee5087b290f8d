namespace Lowrank.Models;

/// <summary>What a CLIP text encoder gives for a batch of token ids. The tensors belong to the caller's scope.</summary>
/// <param name="HiddenStates">(B, T, C) each: the embeddings, then the state after every layer; the last is before the final norm.</param>
/// <param name="LastHiddenState">The last hidden state after the final norm, (B, T, C).</param>
/// <param name="Pooled"><paramref name="LastHiddenState"/> at the end token, (B, C).</param>
/// <param name="TextEmbeds"><paramref name="Pooled"/> projected, (B, projection size); null for a model without projection.</param>
public sealed record ClipTextOutput(IReadOnlyList<Tensor> HiddenStates, Tensor LastHiddenState, Tensor Pooled, Tensor? TextEmbeds)
{
    internal static ClipTextOutput MoveOut(DisposeScope scope, ClipTextOutput output)
    {
        foreach (var state in output.HiddenStates) scope.MoveToOuter(state);
        scope.MoveToOuter(output.LastHiddenState);
        scope.MoveToOuter(output.Pooled);
        if (output.TextEmbeds is { } embeds) scope.MoveToOuter(embeds);
        return output;
    }
}
