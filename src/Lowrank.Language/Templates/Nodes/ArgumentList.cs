namespace Lowrank.Language;

/// <summary>The arguments of a call as they are written.</summary>
/// <param name="Positional">Those by place.</param>
/// <param name="Named">Those by name.</param>
/// <param name="Rest">What stands behind *; null for nothing.</param>
/// <param name="NamedRest">What stands behind **; null for nothing.</param>
sealed record ArgumentList(
    IReadOnlyList<TemplateExpression> Positional, IReadOnlyList<(string Name, TemplateExpression Value)> Named,
    TemplateExpression? Rest, TemplateExpression? NamedRest)
{
    /// <summary>None.</summary>
    public static ArgumentList Empty { get; } = new([], [], null, null);

    /// <summary>All of them, a null for what there is not.</summary>
    public IEnumerable<TemplateExpression?> All => [.. Positional, .. Named.Select(one => one.Value), Rest, NamedRest];

    /// <summary>Their values.</summary>
    public CallArguments Evaluate(TemplateRun run, TemplateScope scope, object? caller = null)
    {
        bool isEmpty = Positional.Count == 0 && Named.Count == 0 && Rest is null && NamedRest is null && caller is null;
        if (isEmpty) return CallArguments.Empty;
        var positional = new List<object>(Positional.Count);
        foreach (var one in Positional) positional.Add(one.Evaluate(run, scope));
        if (Rest is not null) positional.AddRange(PythonTypes.Items(Rest.Evaluate(run, scope)));
        var named = new List<(string, object)>(Named.Count);
        foreach (var (name, value) in Named) named.Add((name, value.Evaluate(run, scope)));
        if (caller is not null) named.Add(("caller", caller));
        if (NamedRest is not null) AddEntries(named, NamedRest.Evaluate(run, scope));
        return new(positional, named);
    }

    static void AddEntries(List<(string, object)> named, object rest)
    {
        if (rest is not PythonDict dict)
            throw new TemplateFault(TemplateFault.Type, $"argument after ** must be a mapping, not {PythonTypes.Name(rest)}");
        foreach (var (key, value) in dict.Entries) named.Add((PythonTypes.TextArgument(key).Value, value));
    }
}
