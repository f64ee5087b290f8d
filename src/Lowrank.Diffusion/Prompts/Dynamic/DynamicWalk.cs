using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>How outcomes of a dynamic prompt's pieces follow each other, by one method.</summary>
/// <remarks>Source: samplers/ of dynamicprompts, v0.31.0, with its order.</remarks>
abstract partial class DynamicWalk
{
    /// <summary>The outcomes of a piece.</summary>
    public IEnumerable<string> Outcomes(DynamicNode node, DynamicContext context) => node switch
    {
        DynamicNode.Words words => Words(words.Text),
        DynamicNode.Sequence sequence => Sequence(sequence, context),
        DynamicNode.Choice choice => Choice(choice, context),
        DynamicNode.Wildcard wildcard => Wildcard(wildcard, context),
        DynamicNode.Wrap wrap => Wrap(wrap, context),
        DynamicNode.Variable variable => Variable(variable, context),
        _ => throw new LowrankException("The dynamic prompt gives a variable its value and says nothing besides."),
    };

    protected abstract IEnumerable<string> Words(string text);

    protected abstract IEnumerable<string> Sequence(DynamicNode.Sequence sequence, DynamicContext context);

    protected abstract IEnumerable<string> Choice(DynamicNode.Choice choice, DynamicContext context);

    protected abstract IEnumerable<string> Wildcard(DynamicNode.Wildcard wildcard, DynamicContext context);

    protected abstract IEnumerable<string> Wrap(DynamicNode.Wrap wrap, DynamicContext context);

    static IEnumerable<string> Variable(DynamicNode.Variable variable, DynamicContext context)
    {
        var (value, inner) = context.Look(variable);
        return inner.Outcomes(value);
    }

    /// <summary>A sequence without what gives variables values, and the context in which they have them.</summary>
    protected static (IReadOnlyList<DynamicNode> Pieces, DynamicContext Context) Assigned(
        DynamicNode.Sequence sequence, DynamicContext context)
    {
        var assignments = sequence.Pieces.OfType<DynamicNode.Assignment>().ToList();
        if (assignments.Count == 0) return (sequence.Pieces, context);
        DynamicNode[] pieces = [.. sequence.Pieces.Where(piece => piece is not DynamicNode.Assignment)];
        return (pieces, context.With(assignments.Select(assignment => (assignment.Name, Value(assignment)))));

        DynamicNode Value(DynamicNode.Assignment assignment)
        {
            if (!assignment.Overwrites && context.Variables.TryGetValue(assignment.Name, out var known)) return known;
            return assignment.IsImmediate ? new DynamicNode.Words(context.First(assignment.Value)) : assignment.Value;
        }
    }

    /// <summary>A choice among a wildcard's values, where a choice's one option is a wildcard: {2$$__color__}.</summary>
    protected static DynamicNode.Choice? AmongValues(DynamicNode.Choice choice, DynamicContext context)
    {
        if (choice.Options is not [(DynamicNode.Wildcard wildcard, _)]) return null;
        string path = context.First(wildcard.Path);
        var values = context.Source.Values(path);
        context.Source.Limits(choice.Most, SignOf(path), values.Count);
        return new DynamicNode.Choice(
            [.. values.SelectMany(value => Enumerable.Repeat((DynamicReader.Read(value.Text), 1.0), (int)value.Weight))],
            Math.Min(choice.Least, values.Count), Math.Min(choice.Most, values.Count), choice.Between) { Method = wildcard.Method };
    }

    /// <summary>A choice that asks for no more than there are; that it did is noted.</summary>
    protected static DynamicNode.Choice Limited(DynamicNode.Choice choice, DynamicContext context)
    {
        int count = choice.Options.Count;
        context.Source.Limits(choice.Most, string.Join(" and ", choice.Options.Select(option => option.Node.Key)), count);
        return choice with { Least = Math.Min(choice.Least, count), Most = Math.Min(choice.Most, count) };
    }

    /// <summary>All ways to take so many of some options in some order; equal ones are never taken together.</summary>
    protected static IEnumerable<IReadOnlyList<DynamicNode>> Arrangements(IReadOnlyList<DynamicNode> options, int count)
    {
        if (count <= 0)
        {
            yield return [];
            yield break;
        }
        foreach (var first in options)
        {
            DynamicNode[] others = [.. options.Where(option => option.Key != first.Key)];
            foreach (var rest in Arrangements(others, count - 1)) yield return [first, .. rest];
        }
    }

    /// <summary>What was taken, with something between, which never begins or ends it.</summary>
    protected static string Joined(IReadOnlyList<string> taken, string between)
    {
        if (taken is [var only]) return only;
        string joined = string.Join(between, taken);
        if (between.Length == 0) return joined;
        if (joined.StartsWith(between, StringComparison.Ordinal)) joined = joined[between.Length..];
        return joined.EndsWith(between, StringComparison.Ordinal) ? joined[..^between.Length] : joined;
    }

    /// <summary>A wildcard that has no values says its own sign.</summary>
    protected static string SignOf(string path)
    {
        string begun = path.StartsWith("__", StringComparison.Ordinal) ? path : $"__{path}";
        return begun.EndsWith("__", StringComparison.Ordinal) ? begun : $"{begun}__";
    }

    /// <summary>A text put where a wrapper has its mark, "..." or an ellipsis; behind it where there is none.</summary>
    protected static string Wrapped(string wrapper, string inner)
    {
        var mark = Mark().Match(wrapper);
        return mark.Success ? wrapper[..mark.Index] + inner + wrapper[(mark.Index + mark.Length)..] : wrapper + inner;
    }

    /// <summary>The same text without end.</summary>
    protected static IEnumerable<string> Forever(string text)
    {
        while (true) yield return text;
    }

    [GeneratedRegex("[\u1801\u2026\u22ee\u22ef\u22f0\u22f1\ufe19]+|[.]{3,}")]
    private static partial Regex Mark();
}
