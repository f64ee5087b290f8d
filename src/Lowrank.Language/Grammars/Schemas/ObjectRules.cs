using System.Runtime.CompilerServices;

namespace Lowrank.Language;

/// <summary>The properties of an object in their order, each required or not, with commas only between those that are there.</summary>
/// <param name="rules">Takes the rules that are made.</param>
/// <param name="pairs">Name and value of each.</param>
/// <param name="more">Name and value of any other; null where there is none.</param>
sealed class ObjectRules(Dictionary<string, GrammarNode> rules, IReadOnlyList<(GrammarReference Node, bool IsRequired)> pairs,
    GrammarNode? more)
{
    readonly Dictionary<(int At, bool IsFirst), GrammarReference> made = [];

    /// <summary>The properties from one on.</summary>
    internal GrammarNode From(int at, bool isFirst)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (at == pairs.Count) return Others(isFirst);
        if (made.TryGetValue((at, isFirst), out var known)) return known;
        string name = $"properties-{rules.Count}";
        rules[name] = GrammarNode.Nothing;
        var reference = made[(at, isFirst)] = new(name);
        var present = GrammarNode.Sequence(isFirst ? GrammarNode.Nothing : JsonParts.Comma, pairs[at].Node, From(at + 1, isFirst: false));
        rules[name] = pairs[at].IsRequired ? present : GrammarNode.Choice(present, From(at + 1, isFirst));
        return reference;
    }

    GrammarNode Others(bool isFirst)
    {
        if (more is null) return GrammarNode.Nothing;
        if (isFirst) return JsonParts.List(more, 0, null);
        return new GrammarRepetition(GrammarNode.Sequence(JsonParts.Comma, more), 0, null);
    }
}
