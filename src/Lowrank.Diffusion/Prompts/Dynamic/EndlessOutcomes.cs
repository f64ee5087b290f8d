namespace Lowrank.Diffusion;

/// <summary>The outcomes of pieces that stand side by side, each of which goes on from where it was; equal pieces are one.</summary>
sealed class EndlessOutcomes
{
    readonly Dictionary<string, (IEnumerator<string> Outcomes, string? Next)> pieces = [];

    /// <summary>Draws the first outcome of each piece.</summary>
    /// <exception cref="LowrankException">A piece has none.</exception>
    public EndlessOutcomes(IEnumerable<DynamicNode> nodes, DynamicContext context)
    {
        foreach (var node in nodes)
        {
            var outcomes = context.Outcomes(node).GetEnumerator();
            if (!outcomes.MoveNext()) throw DynamicContext.NoOutcome(node);
            pieces.TryAdd(node.Key, (outcomes, outcomes.Current));
        }
    }

    /// <summary>The next outcome of a piece; nothing where it has no more.</summary>
    public string Next(DynamicNode node)
    {
        var (outcomes, next) = pieces[node.Key];
        pieces[node.Key] = (outcomes, outcomes.MoveNext() ? outcomes.Current : null);
        return next ?? "";
    }
}
