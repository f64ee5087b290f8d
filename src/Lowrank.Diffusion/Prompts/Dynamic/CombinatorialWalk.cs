namespace Lowrank.Diffusion;

/// <summary>Every outcome once: what stands first turns slowest.</summary>
sealed class CombinatorialWalk : DynamicWalk
{
    // Choices that wait for one that differs, among outcomes without end.
    const int MostInVain = 100_000;

    public static CombinatorialWalk Instance { get; } = new();

    protected override IEnumerable<string> Words(string text) => [text];

    protected override IEnumerable<string> Sequence(DynamicNode.Sequence sequence, DynamicContext context)
    {
        var (pieces, inner) = Assigned(sequence, context);
        // Each of them has an outcome, and those without end go on from where they were.
        var endless = new EndlessOutcomes(pieces.Where(piece => piece.Method != DynamicMethod.Combinatorial), inner);
        return From(0);

        IEnumerable<string> From(int place)
        {
            if (place == pieces.Count)
            {
                yield return "";
                yield break;
            }
            var piece = pieces[place];
            if (inner.IsEndless(piece))
            {
                foreach (string rest in From(place + 1)) yield return endless.Next(piece) + rest;
                yield break;
            }
            foreach (string first in inner.Outcomes(piece))
                foreach (string rest in From(place + 1)) yield return first + rest;
        }
    }

    protected override IEnumerable<string> Choice(DynamicNode.Choice choice, DynamicContext context)
    {
        if (AmongValues(choice, context) is { } among)
        {
            foreach (string outcome in Choice(among, context)) yield return outcome;
            yield break;
        }
        var limited = Limited(choice, context);
        DynamicNode[] options = [.. choice.Options.Select(option => option.Node)];
        var seen = new HashSet<string>();
        int inVain = 0;
        for (int count = limited.Least; count <= limited.Most; count++)
        {
            foreach (var taken in Arrangements(options, count).SelectMany(nodes => Product(context, nodes, 0)))
            {
                bool isNew = taken.Distinct().Count() == count && seen.Add($"{count}\0{string.Join('\0', taken)}");
                inVain = isNew ? 0 : inVain + 1;
                if (inVain > MostInVain) throw DynamicContext.NoOutcome(choice);
                if (isNew) yield return Joined(taken, choice.Between);
            }
        }
    }

    static IEnumerable<IReadOnlyList<string>> Product(DynamicContext context, IReadOnlyList<DynamicNode> nodes, int place)
    {
        if (place == nodes.Count)
        {
            yield return [];
            yield break;
        }
        var node = nodes[place];
        var outcomes = context.Outcomes(node);
        if (!context.IsEndless(node))
        {
            foreach (string first in outcomes)
                foreach (var rest in Product(context, nodes, place + 1)) yield return [first, .. rest];
            yield break;
        }
        using var next = outcomes.GetEnumerator();
        foreach (var rest in Product(context, nodes, place + 1))
        {
            if (!next.MoveNext()) throw DynamicContext.NoOutcome(node);
            yield return [next.Current, .. rest];
        }
    }

    protected override IEnumerable<string> Wildcard(DynamicNode.Wildcard wildcard, DynamicContext context)
    {
        string path = context.First(wildcard.Path);
        var inner = context.With(wildcard.Variables);
        var values = context.Source.Values(path);
        if (values.Count == 0) return Forever(SignOf(path));
        return values.SelectMany(value => Enumerable.Repeat(value.Text, (int)value.Weight)).SelectMany(inner.OutcomesOf);
    }

    protected override IEnumerable<string> Wrap(DynamicNode.Wrap wrap, DynamicContext context) =>
        from wrapper in context.Outcomes(wrap.Wrapper)
        from inner in context.Outcomes(wrap.Inner)
        select Wrapped(wrapper, inner);
}
