namespace Lowrank.Language;

/// <summary>A conversation rendered turn by turn.</summary>
/// <param name="Whole">All of it.</param>
/// <param name="Turns">The assistant's messages, in order.</param>
public sealed record ChatTurns(RenderedText Whole, IReadOnlyList<ChatTurn> Turns)
{
    /// <summary>Whether one row with all answers masked is exact: each is asked for as it is shown, and none is rewritten later.</summary>
    public bool WholeCanBeMasked => Turns.All(turn => turn.PromptIsPrefix && turn.StaysInWhole);
}
