using System.Collections.Immutable;

namespace Lowrank.Diffusion;

/// <summary>What holds where a piece of a dynamic prompt is said.</summary>
/// <param name="Method">How outcomes follow each other.</param>
/// <param name="Source">Wildcards, chance and what was found missing, of the whole prompt.</param>
sealed record DynamicContext(DynamicMethod Method, DynamicSource Source)
{
    // Wildcards whose values name wildcards in turn.
    const int Deepest = 50;

    /// <summary>What variables stand for.</summary>
    public ImmutableDictionary<string, DynamicNode> Variables { get; init; } = ImmutableDictionary<string, DynamicNode>.Empty;

    ImmutableHashSet<string> Saying { get; init; } = [];

    int Depth { get; init; }

    /// <summary>Whether outcomes of a piece never end here.</summary>
    public bool IsEndless(DynamicNode node) => (node.Method ?? Method) != DynamicMethod.Combinatorial;

    /// <summary>The outcomes of a piece.</summary>
    public IEnumerable<string> Outcomes(DynamicNode node)
    {
        var method = node.Method ?? Method;
        // What ends cannot stand in what does not.
        if (Method != DynamicMethod.Combinatorial && method == DynamicMethod.Combinatorial) method = Method;
        DynamicWalk walk = method switch
        {
            DynamicMethod.Combinatorial => CombinatorialWalk.Instance,
            DynamicMethod.Cyclical => CyclicalWalk.Instance,
            _ => RandomWalk.Instance,
        };
        return walk.Outcomes(node, this with { Method = method });
    }

    /// <summary>The outcomes of a wildcard's value, which is a dynamic prompt in turn.</summary>
    public IEnumerable<string> OutcomesOf(string value) => value.Length == 0 ? [] : Deeper(value).Outcomes(DynamicReader.Read(value));

    /// <summary>The first outcome.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public string First(DynamicNode node)
    {
        foreach (string outcome in Outcomes(node)) return outcome;
        throw NoOutcome(node);
    }

    /// <summary>The same with further variables.</summary>
    public DynamicContext With(IEnumerable<(string Name, DynamicNode Value)> variables) =>
        this with { Variables = Variables.SetItems(variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))) };

    /// <summary>What a variable stands for, and the context to say it in.</summary>
    public (DynamicNode Value, DynamicContext Context) Look(DynamicNode.Variable variable)
    {
        if (Saying.Contains(variable.Name))
            throw new LowrankException($"The dynamic prompt's variable {variable.Name} stands for itself. Give it a value of its own.");
        var value = Variables.GetValueOrDefault(variable.Name) ?? variable.Default ?? throw new LowrankException(
            $"The dynamic prompt's variable {variable.Name} has no value. " +
            $"Write ${{{variable.Name}=value}} before, or ${{{variable.Name}:value}} here.");
        return (value, this with { Saying = Saying.Add(variable.Name) });
    }

    /// <summary>The error where a piece that something else stands beside has no outcome.</summary>
    public static LowrankException NoOutcome(DynamicNode node) => new(
        $"Nothing comes of {node.Key} in the dynamic prompt: its choices leave none. Ask for fewer at once, or give it more that differ.");

    DynamicContext Deeper(string value) => Depth < Deepest ? this with { Depth = Depth + 1 } : throw new LowrankException(
        $"Wildcards name each other without end: \"{value}\" is reached through {Deepest} of them.");
}
