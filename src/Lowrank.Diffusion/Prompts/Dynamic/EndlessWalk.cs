namespace Lowrank.Diffusion;

/// <summary>Outcomes without end: pieces that stand side by side go on together.</summary>
abstract class EndlessWalk : DynamicWalk
{
    protected override IEnumerable<string> Words(string text) => Forever(text);

    protected override IEnumerable<string> Sequence(DynamicNode.Sequence sequence, DynamicContext context)
    {
        var (pieces, inner) = Assigned(sequence, context);
        return Together([.. pieces.Select(inner.Outcomes)], "");
    }

    protected override IEnumerable<string> Wrap(DynamicNode.Wrap wrap, DynamicContext context) =>
        context.Outcomes(wrap.Wrapper).Zip(context.Outcomes(wrap.Inner), Wrapped);

    /// <summary>The next outcome of each, joined, again and again.</summary>
    protected static IEnumerable<string> Together(IReadOnlyList<IEnumerable<string>> sources, string between)
    {
        IEnumerator<string>[] all = [.. sources.Select(source => source.GetEnumerator())];
        while (all.All(outcomes => outcomes.MoveNext())) yield return Joined([.. all.Select(outcomes => outcomes.Current)], between);
    }
}
