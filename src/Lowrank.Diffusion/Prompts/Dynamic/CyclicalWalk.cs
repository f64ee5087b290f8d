namespace Lowrank.Diffusion;

/// <summary>Outcomes in turn.</summary>
sealed class CyclicalWalk : EndlessWalk
{
    public static CyclicalWalk Instance { get; } = new();

    protected override IEnumerable<string> Choice(DynamicNode.Choice choice, DynamicContext context)
    {
        if (AmongValues(choice, context) is { } among) return Choice(among, context);
        var limited = Limited(choice, context);
        DynamicNode[] options = [.. choice.Options.Select(option => option.Node)];
        return InTurn(
            from count in Enumerable.Range(limited.Least, limited.Most - limited.Least + 1)
            from taken in Arrangements(options, count)
            select Together([.. taken.Select(context.Outcomes)], choice.Between));
    }

    protected override IEnumerable<string> Wildcard(DynamicNode.Wildcard wildcard, DynamicContext context)
    {
        string path = context.First(wildcard.Path);
        var inner = context.With(wildcard.Variables);
        var values = context.Source.Values(path);
        if (values.Count == 0) return Forever(SignOf(path));
        return InTurn(values.SelectMany(value => Enumerable.Repeat(value.Text, (int)value.Weight)).Select(inner.OutcomesOf));
    }

    // The next one of each, round and round.
    static IEnumerable<string> InTurn(IEnumerable<IEnumerable<string>> sources)
    {
        IEnumerator<string>[] all = [.. sources.Select(source => source.GetEnumerator())];
        bool isAny = all.Length > 0;
        while (isAny)
        {
            isAny = false;
            foreach (var outcomes in all)
            {
                if (!outcomes.MoveNext()) continue;
                isAny = true;
                yield return outcomes.Current;
            }
        }
    }
}
