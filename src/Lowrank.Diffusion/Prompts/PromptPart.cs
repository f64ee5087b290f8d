namespace Lowrank.Diffusion;

/// <summary>One of the prompts that a prompt joins, which are asked about on their own and drawn together.</summary>
/// <param name="Turns">What it says on the way; the first begins at 0, and they rise.</param>
/// <param name="Weight">How much of the guidance is its own: D = D_u + Σ weight·scale·(D_i − D_u).</param>
/// <param name="End">The evaluation from which on the first is said again; null where the last is said to the end.</param>
public sealed record PromptPart(IReadOnlyList<PromptTurn> Turns, double Weight = 1, int? End = null)
{
    /// <summary>What is said in an evaluation.</summary>
    public string At(int evaluation) => evaluation >= End ? Turns[0].Text : Turns.Last(turn => turn.From <= evaluation).Text;

    /// <summary>Evaluations from which on another text may be said.</summary>
    public IEnumerable<int> Changes => End is { } end ? Turns.Select(turn => turn.From).Append(end) : Turns.Select(turn => turn.From);
}
