namespace Lowrank.Diffusion;

/// <summary>
/// What a prompt says before it is encoded: its pieces in their order, each with its weight and the steps in which it is said.
/// </summary>
/// <param name="Pieces">The pieces; the text of a step is theirs, one after the other.</param>
public sealed record PromptPlan(IReadOnlyList<PromptPiece> Pieces)
{
    /// <summary>One text of weight 1 in every step.</summary>
    public static PromptPlan Plain(string text) => new([new PromptPiece(text)]);

    /// <summary>What is said in a step.</summary>
    public IReadOnlyList<PromptPiece> At(int step) => [.. Pieces.Where(piece => piece.Steps.Holds(step))];

    /// <summary>Steps at which a piece begins or ends.</summary>
    public IEnumerable<int> Turns
    {
        get
        {
            foreach (var piece in Pieces)
            {
                yield return piece.Steps.From;
                if (piece.Steps.To is { } end) yield return end;
            }
        }
    }
}
